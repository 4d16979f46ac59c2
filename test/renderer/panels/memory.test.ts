import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { MemoryBar } from '../../../preload/contract/fleet.ts'
import { legend, roundByEdges } from '../../../renderer/panels/memory/legend.ts'

const GB = 1_000_000_000

function bar(
  totalBytes: number,
  pieces: [MemoryBar['segments'][number]['kind'], number][],
): MemoryBar {
  return {
    totalBytes,
    segments: pieces.map(([kind, bytes]) => ({ kind, label: null, bytes })),
    ...{ limit: null, roomBytes: 0, disagreement: null, at: '2026-11-20T09:00:00Z' },
  }
}

test('the legend of the drawing in the design: 254 + 38 + 7 + 213 = 512', () => {
  const entries = legend(
    bar(512 * GB, [
      ['model', 187 * GB],
      ['model', 26 * GB],
      ['loading', 41 * GB],
      ['apps', 38 * GB],
      ['compressed', 7 * GB],
      ['available', 213 * GB],
    ]),
  )
  expect(entries.map(({ kind, gigabytes }) => [kind, gigabytes])).toEqual([
    ['models', 254],
    ['apps', 38],
    ['compressed', 7],
    ['free', 213],
  ])
})

test('a small machine is told to a tenth', () => {
  const entries = legend(
    bar(16.8 * GB, [
      ['apps', 6.24 * GB],
      ['available', 10.56 * GB],
    ]),
  )
  expect(entries.map(({ gigabytes }) => gigabytes)).toEqual([0, 6.2, 0, 10.6])
})

test('three amounts that each round down still make their sum', () => {
  expect(roundByEdges([1.4, 1.4, 1.4], 1)).toEqual([1, 2, 1])
})

test('what models hold is said the same while only apps change', () => {
  const models = (appsBytes: number) =>
    legend(
      bar(512 * GB, [
        ['model', 213.4 * GB],
        ['apps', appsBytes],
        ['available', 298.6 * GB - appsBytes],
      ]),
    )[0]?.gigabytes
  fc.assert(fc.property(fc.nat({ max: 298 * GB }), (appsBytes) => models(appsBytes) === 213))
})

test('rounded parts always sum to the rounded whole, and none is a unit away from its amount', () => {
  const amounts = fc.array(fc.nat({ max: 600 * GB }), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(amounts, (parts) => {
      const rounded = roundByEdges(parts, GB)
      const whole = parts.reduce((sum, part) => sum + part, 0)
      expect(rounded.reduce((sum, part) => sum + part, 0)).toBe(Math.round(whole / GB))
      parts.forEach((part, index) => {
        expect(Math.abs((rounded[index] ?? 0) - part / GB)).toBeLessThan(1)
      })
    }),
  )
})
