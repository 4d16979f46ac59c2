import { expect, test } from 'vitest'
import type { HostState } from '../../../preload/contract/fleet.ts'
import { gaugesOf } from '../../../renderer/panels/activity/index.tsx'
import { panels } from '../../../renderer/panels/index.ts'
import { shownShields } from '../../../renderer/panels/shields/index.tsx'
import { keyFileOf } from '../../../renderer/popover/question.tsx'
import en from '../../../resources/locales/en.json'
import zh from '../../../resources/locales/zh-CN.json'
import { demoHost, fleets, unknown, value } from '../../support/fleet-fixtures.ts'

test('every folder of a panel is in the list, under its own name', () => {
  const folders = Object.keys(import.meta.glob('../../../renderer/panels/*/index.tsx'))
  const names = folders.map((path) => path.split('/').at(-2))
  expect(panels.map(({ id }) => id).toSorted()).toEqual(names.toSorted())
})

test.each(panels.map(({ id }) => id))('%s has a title in both languages', (id) => {
  expect(en.popover).toHaveProperty([id, 'title'], expect.stringMatching(/\S/))
  expect(zh.popover).toHaveProperty([id, 'title'], expect.stringMatching(/\S/))
})

test('a machine without a GPU has no gauge for it, rather than a zero', () => {
  const [linux] = fleets.linux.hosts
  expect(linux && gaugesOf(linux).map(({ id }) => id)).toEqual(['cpu', 'memory'])
})

test('a gauge that was not told is empty, rather than zero', () => {
  const host = demoHost({ readings: { gpu: unknown('timed-out') }, samples: [], memoryBar: null })
  expect(gaugesOf(host).map(({ id, ratio }) => [id, ratio])).toEqual([
    ['gpu', null],
    ['cpu', null],
    ['memory', null],
  ])
})

test.each([
  ['normal', undefined],
  ['warning', 'popover.memory.pressure.warning'],
  ['critical', 'popover.memory.pressure.critical'],
])('memory pressure %s is said beside the share: %s', (level, warning) => {
  const host = demoHost()
  const readings = { ...host.readings, 'memory-pressure': value({ level }) }
  const gauge = gaugesOf({ ...host, readings }).find(({ id }) => id === 'memory')
  expect([gauge?.warning, gauge?.ratio]).toEqual([warning, 299 / 512])
})

test('each shield has its place before it is known, except where it does not apply', () => {
  const checks = demoHost().checks
  const ids = (fields: Pick<HostState, 'checks' | 'platform'>) =>
    shownShields(fields).map(({ id, check }) => `${id} ${check === null ? '–' : check.state}`)
  expect(ids({ checks: [], platform: null })).toEqual([
    ...['filevault –', 'time-machine –', 'updates –'],
  ])
  expect(ids({ checks: checks.slice(0, 2), platform: 'darwin' })).toEqual([
    ...['filevault pass', 'time-machine –', 'updates attention'],
  ])
  expect(ids({ checks: [], platform: 'linux' })).toEqual([])
  const off = checks.map((check) => ({ ...check, state: 'off' as const }))
  expect(ids({ checks: off, platform: 'darwin' })).toEqual([])
})

test.each([
  ['ssh-ed25519', 'ed25519'],
  ['ecdsa-sha2-nistp256', 'ecdsa'],
  ['rsa-sha2-512', 'rsa'],
  ['ssh-rsa', 'rsa'],
])('the file of a key of type %s', (keyType, file) => {
  expect(keyFileOf(keyType)).toBe(file)
})
