import { expect, test } from 'vitest'
import { gaugesOf } from '../../../renderer/panels/activity/index.tsx'
import { panels } from '../../../renderer/panels/index.ts'
import { keyFileOf } from '../../../renderer/popover/question.tsx'
import en from '../../../resources/locales/en.json'
import zh from '../../../resources/locales/zh-CN.json'
import { demoHost, fleets, unknown, value } from '../../support/fleet-fixtures.ts'

test('every folder of a panel is in the list, under its own name', () => {
  const folders = Object.keys(import.meta.glob('../../../renderer/panels/*/index.tsx'))
  const names = folders.map((path) => path.split('/').at(-2))
  expect(panels.map(({ id }) => id).toSorted()).toEqual(names.toSorted())
})

test('panels are listed in their order, with a title in both languages', () => {
  const orders = panels.map(({ order }) => order)
  expect(orders).toEqual(orders.toSorted((a, b) => a - b))
  expect(new Set(orders).size).toBe(panels.length)
  for (const { title } of panels)
    for (const words of [en, zh]) {
      const text = title
        .split('.')
        .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], words)
      expect(text, title).toBeTypeOf('string')
    }
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
  ['normal', false],
  ['warning', true],
  ['critical', true],
])('memory pressure %s is said: %s', (level, isWarned) => {
  const host = demoHost({ readings: { 'memory-pressure': value({ level }) } })
  expect(gaugesOf(host).find(({ id }) => id === 'memory')?.isWarned).toBe(isWarned)
})

test.each([
  ['ssh-ed25519', 'ed25519'],
  ['ecdsa-sha2-nistp256', 'ecdsa'],
  ['rsa-sha2-512', 'rsa'],
  ['ssh-rsa', 'rsa'],
])('the file of a key of type %s', (keyType, file) => {
  expect(keyFileOf(keyType)).toBe(file)
})
