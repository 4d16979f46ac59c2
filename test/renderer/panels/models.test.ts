import { expect, test } from 'vitest'
import type { MemoryBar } from '../../../preload/contract/fleet.ts'
import type { Job } from '../../../preload/contract/jobs.ts'
import { forecast } from '../../../renderer/panels/models/forecast.ts'
import { keepOrder } from '../../../renderer/panels/models/keep-order.ts'
import { modelRows } from '../../../renderer/panels/models/model-rows.ts'
import { detailsOf, whyNoModels } from '../../../renderer/panels/models/no-models.tsx'
import { demoHost, job, loaded, model, runtime } from '../../support/fleet-fixtures.ts'

const GB = 1_000_000_000

test('without the pointer the list takes the wanted order', () => {
  expect(keepOrder(['a', 'b'], ['b', 'c', 'a'], false)).toEqual(['b', 'c', 'a'])
})

test('under the pointer rows stay, new ones come last, gone ones go', () => {
  expect(keepOrder(['a', 'b', 'x'], ['b', 'c', 'a'], true)).toEqual(['a', 'b', 'c'])
})

const room105: MemoryBar = {
  totalBytes: 512 * GB,
  segments: [
    { kind: 'model', label: 'deepseek-v3', bytes: 187 * GB },
    { kind: 'model', label: 'qwen3', bytes: 26 * GB },
    { kind: 'available', label: null, bytes: 299 * GB },
  ],
  ...{ limit: null, roomBytes: 105 * GB, disagreement: null, at: '2026-11-20T09:00:00Z' },
}

test.each([
  [79 * GB, { kind: 'fits', leftBytes: 26 * GB }],
  [104 * GB, { kind: 'tight', leftBytes: 1 * GB }],
  [105 * GB, { kind: 'tight', leftBytes: 0 }],
  [120 * GB, { kind: 'too-big', missingBytes: 15 * GB, unloadFirst: 'qwen3' }],
  [290 * GB, { kind: 'too-big', missingBytes: 185 * GB, unloadFirst: 'deepseek-v3' }],
  [400 * GB, { kind: 'too-big', missingBytes: 295 * GB, unloadFirst: null }],
])('a model of %i bytes with 105 GB of room', (sizeBytes, expected) => {
  expect(forecast(sizeBytes, room105)).toEqual(expected)
})

test('nothing is forecast from an unknown size or an unknown memory', () => {
  expect(forecast(null, room105)).toEqual({ kind: 'unknown' })
  expect(forecast(1, null)).toEqual({ kind: 'unknown' })
})

function hostWith(options: { loadedIds: string[]; modelIds: string[] }) {
  return demoHost({
    runtimes: [
      runtime({
        models: options.modelIds.map((id, index) =>
          model({ id, name: id, sizeBytes: (index + 1) * GB }),
        ),
        loaded: options.loadedIds.map((modelId) => loaded({ modelId })),
      }),
    ],
  })
}

test('what is loaded or loads comes first, the others by name', () => {
  const jobs = [job({ subject: 'ollama/c', state: 'running' })]
  const rows = modelRows(hostWith({ modelIds: ['d', 'b', 'c', 'a'], loadedIds: ['b'] }), jobs)
  expect(rows.map((row) => row.modelId).slice(2)).toEqual(['a', 'd'])
  expect(
    rows
      .map((row) => row.modelId)
      .slice(0, 2)
      .sort(),
  ).toEqual(['b', 'c'])
})

test('a loaded model whose file is gone is still shown', () => {
  const rows = modelRows(hostWith({ modelIds: [], loadedIds: ['ghost'] }), [])
  expect(rows.map((row) => row.name)).toEqual(['ghost'])
})

test('a failure is shown until a later job about the same model ends otherwise', () => {
  const failed = job({ subject: 'ollama/a', state: 'failed', startedAt: '2026-11-20T09:00:00Z' })
  const done: Job = job({ subject: 'ollama/a', state: 'done', startedAt: '2026-11-20T09:00:30Z' })
  const host = hostWith({ modelIds: ['a'], loadedIds: [] })
  expect(modelRows(host, [failed])[0]?.job?.state).toBe('failed')
  expect(modelRows(host, [failed, done])[0]?.job).toBeNull()
  expect(modelRows(host, [{ ...failed, hostId: 'another' }])[0]?.job).toBeNull()
})

const at = '2026-11-20T09:00:00Z'
const [gone, silent, unasked] = [
  { state: 'not-running', at } as const,
  { state: 'unknown', at } as const,
  { state: 'unknown', at: null } as const,
]

test.each([
  ['all were asked and none runs', 'no-runtime', [gone, gone]],
  ['one could not be asked', 'unknown', [gone, silent]],
  ['none could be asked', 'unknown', [silent, silent]],
  ['one was not asked yet', 'asking', [gone, unasked]],
  ['nothing is known of any', 'asking', []],
  ['one runs and told no model', 'no-models', [gone, { state: 'running', at }]],
  ['one runs and told nothing yet', 'asking', [gone, { state: 'running', at: null }]],
] as const)('without a model, when %s: %s', (_name, reason, runtimes) => {
  expect(whyNoModels(runtimes)).toBe(reason)
})

test('what went wrong is said once, without the name of a class', () => {
  expect(
    detailsOf([
      { state: 'unknown', detail: 'RuntimeError: no answer within 5000 ms' },
      { state: 'unknown', detail: 'RuntimeError: no answer within 5000 ms' },
      { state: 'not-running', detail: null },
      { state: 'unknown', detail: 'HostError: (SSH) Channel open failure' },
    ]),
  ).toEqual(['no answer within 5000 ms', '(SSH) Channel open failure'])
})
