import { expect, test } from 'vitest'
import { actionJobOf, isUnderWay, mostSevereFirst } from '../../../renderer/popover/alert-order.ts'
import { alert, isoAt, job } from '../../support/fleet-fixtures.ts'

const up = alert('tailnet-stopped', 'stopped', {}, { severity: 'fail', action: 'tailnet-up' })

test('what needs somebody is first, then the newest', () => {
  const old = alert('host-key', 'soon', {}, { since: isoAt(9_000) })
  const late = alert('tailnet-key', 'soon', {}, { since: isoAt(1_000) })
  expect(mostSevereFirst([old, late, up]).map(({ id }) => id)).toEqual([
    ...['tailnet-stopped', 'tailnet-key', 'host-key'],
  ])
})

test('an alert shows the latest Job of its own action', () => {
  const fields = { kind: 'tailnet-up', subject: 'tailscale' } as const
  const first = job({ ...fields, state: 'failed', startedAt: isoAt(9_000) })
  const second = job({ ...fields, startedAt: isoAt(1_000) })
  const other = job({ kind: 'tailnet-log-in', subject: 'tailscale', startedAt: isoAt(500) })
  expect(actionJobOf(up, [second, other, first])).toBe(second)
  expect(actionJobOf({ ...up, action: 'doctor' }, [second])).toBeNull()
  expect(actionJobOf(up, [other])).toBeNull()
})

test.each([
  ['running', true],
  ['cancelling', true],
  ['failed', false],
  ['done', false],
  ['cancelled', false],
] as const)('a Job that is %s is under way: %s', (state, isIt) => {
  expect(isUnderWay(job({ state }))).toBe(isIt)
})
