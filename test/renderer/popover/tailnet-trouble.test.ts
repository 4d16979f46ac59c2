import { expect, test } from 'vitest'
import { tailnetAlertOf, tailnetTroubleOf } from '../../../renderer/popover/tailnet-trouble.ts'
import {
  alert,
  link,
  studioHost,
  tailnet,
  thisMac,
  unknown,
  value,
} from '../../support/fleet-fixtures.ts'

const behind = (fields: Parameters<typeof tailnet>[0]) => [
  thisMac({ readings: { tailnet: value(tailnet(fields)) } }),
]
const studio = studioHost({ link: link({ path: 'tailnet-direct' }) })

test.each([
  [{ state: 'running' }, null],
  [{ state: 'stopped' }, 'stopped'],
  [{ state: 'stopped', isDaemonRunning: false }, 'not-started'],
  [{ state: 'needs-login' }, 'needs-login'],
  [{ state: 'starting' }, 'starting'],
] as const)('a Host behind a Tailscale with %j: %s', (fields, trouble) => {
  expect(tailnetTroubleOf(studio, behind(fields))).toBe(trouble)
})

test('a Host in the local network does not miss Tailscale', () => {
  const near = studioHost({ link: link({ path: 'lan' }) })
  expect(tailnetTroubleOf(near, behind({ state: 'stopped' }))).toBeNull()
})

test('nothing is said of a Tailscale that was not asked', () => {
  expect(tailnetTroubleOf(studio, [])).toBeNull()
  const silent = thisMac({ readings: { tailnet: unknown('timed-out') } })
  expect(tailnetTroubleOf(studio, [silent])).toBeNull()
})

test.each([
  ['unreachable', 'stopped', 'tailnet-stopped'],
  ['unreachable', 'needs-login', 'tailnet-stopped'],
  ['unreachable', null, undefined],
  // the Host does not say it then
  ['connecting', 'stopped', undefined],
  ['live', 'stopped', undefined],
] as const)('a Host that is %s for %s says the alert %s itself', (state, trouble, id) => {
  const alerts = [alert('tailnet-key', 'soon', {}), alert('tailnet-stopped', 'stopped', {})]
  expect(tailnetAlertOf(trouble, { link: link({ state }) }, alerts)?.id).toBe(id)
})
