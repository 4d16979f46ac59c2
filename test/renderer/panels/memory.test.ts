import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryBar } from '../../../main/models/memory-bar.ts'
import type { MemoryBar } from '../../../preload/contract/fleet.ts'
import { legend, roundByEdges } from '../../../renderer/panels/memory/legend.ts'
import { bytesToCome, memoryParts } from '../../../renderer/panels/memory/parts.ts'
import { job, studioBar } from '../../support/fleet-fixtures.ts'

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

const loading = job({ progress: { doneBytes: 41 * GB, totalBytes: 66 * GB } })

test('the drawing in the design, apps and compressed moved to the right end: 105 GB are free up to the limit', () => {
  const toComeBytes = bytesToCome(studioBar, [loading], loading.hostId)
  const parts = memoryParts(studioBar, toComeBytes)
  expect(parts.map(({ kind, label, bytes }) => [label ?? kind, bytes / GB])).toEqual([
    ['deepseek-v3:q3_k_m', 187],
    ['qwen3:30b-a3b', 26],
    ['gpt-oss:120b', 41],
    ['to-come', 25],
    ['free', 188],
    ['apps', 38],
    ['compressed', 7],
  ])
  expect(freeStretch(studioBar, parts)).toBe(105 * GB)
})

test('the legend of the drawing in the design: 254 + 213 + 38 + 7 = 512', () => {
  expect(
    legend(memoryParts(studioBar, 25 * GB)).map(({ kind, gigabytes }) => [kind, gigabytes]),
  ).toEqual([
    ['models', 254],
    ['free', 213],
    ['apps', 38],
    ['compressed', 7],
  ])
})

test.each([
  ['another Host', { hostId: 'another' }, 0],
  ['a load that is over', { state: 'done' as const }, 0],
  ['a load whose end is not known', { progress: { doneBytes: 41 * GB, totalBytes: null } }, 0],
  ['an unload', { kind: 'unload-model' as const }, 0],
  ['more than there is', { progress: { doneBytes: 0, totalBytes: 900 * GB } }, 213 * GB],
])('what is still to come, with %s', (_name, fields, bytes) => {
  const other = job({ progress: { doneBytes: 41 * GB, totalBytes: 66 * GB }, ...fields })
  expect(bytesToCome(studioBar, [other], loading.hostId)).toBe(bytes)
})

/** From the last model to where the next thing begins: the limit's line, apps, or the bar's end. */
function freeStretch(of: MemoryBar, parts: ReturnType<typeof memoryParts>): number {
  const before = parts.findIndex(({ kind }) => kind === 'free')
  const sum = (some: typeof parts) => some.reduce((total, { bytes }) => total + bytes, 0)
  const startBytes = sum(parts.slice(0, before))
  const endBytes = Math.min(of.limit?.bytes ?? of.totalBytes, sum(parts.slice(0, before + 1)))
  return Math.max(0, endBytes - startBytes)
}

test('the free stretch of any bar is the room that the core says, and all parts make the total', () => {
  const gigabytes = (max: number) => fc.nat({ max }).map((amount) => amount * GB)
  const load = fc.record({ bytes: gigabytes(200), restBytes: gigabytes(200) })
  fc.assert(
    fc.property(
      fc.record({
        ...{ usedBytes: gigabytes(512), compressedBytes: gigabytes(60) },
        limitBytes: fc.option(gigabytes(512)),
        models: fc.array(gigabytes(200), { maxLength: 4 }),
        loads: fc.array(load, { maxLength: 2 }),
      }),
      ({ usedBytes, compressedBytes, limitBytes, models, loads }) => {
        const of = memoryBar({
          memory: { totalBytes: 512 * GB, usedBytes, compressedBytes },
          limit: limitBytes === null ? null : { limitBytes, source: 'metal' },
          models: models.map((bytes, index) => ({ name: `m${index}`, bytes })),
          loading: loads.map(({ bytes, restBytes }, index) => ({
            ...{ name: `l${index}`, bytes, totalBytes: bytes + restBytes },
          })),
          ...{ processesBytes: null, at: '2026-11-20T09:00:00Z' },
        })
        if (of === null) throw new Error('no bar')
        const jobs = loads.map(({ bytes, restBytes }) =>
          job({ progress: { doneBytes: bytes, totalBytes: bytes + restBytes } }),
        )
        const parts = memoryParts(of, bytesToCome(of, jobs, loading.hostId))
        expect(freeStretch(of, parts)).toBe(of.roomBytes)
        expect(parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(of.totalBytes)
      },
    ),
  )
})

test('a small machine is told to a tenth', () => {
  const small = bar(16.8 * GB, [
    ['apps', 6.24 * GB],
    ['available', 10.56 * GB],
  ])
  expect(legend(memoryParts(small, 0)).map(({ gigabytes }) => gigabytes)).toEqual([
    ...[0, 10.6, 6.2, 0],
  ])
})

test('three amounts that each round down still make their sum', () => {
  expect(roundByEdges([1.4, 1.4, 1.4], 1)).toEqual([1, 2, 1])
})

test('what models hold is said the same while only apps change', () => {
  const models = (appsBytes: number) =>
    legend(
      memoryParts(
        bar(512 * GB, [
          ['model', 213.4 * GB],
          ['apps', appsBytes],
          ['available', 298.6 * GB - appsBytes],
        ]),
        0,
      ),
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
