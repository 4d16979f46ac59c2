import i18next from 'i18next'
import { beforeAll, expect, test } from 'vitest'
import type { Job } from '../../../preload/contract/jobs.ts'
import { say as sayMessage } from '../../../preload/words/say.ts'
import { modelRows } from '../../../renderer/panels/models/model-rows.ts'
import { modelWords, shortName, tokens } from '../../../renderer/panels/models/model-words.ts'
import type { Say } from '../../../renderer/panels/say.ts'
import en from '../../../resources/locales/en.json'
import {
  demoHost,
  fixtureNow,
  isoAt,
  job,
  loaded,
  model,
  runtime,
  studioBar,
} from '../../support/fleet-fixtures.ts'

const GB = 1_000_000_000
const i18n = i18next.createInstance()
const say: Say = (message, params = {}) =>
  sayMessage(
    typeof message === 'string' ? { key: message, params } : message,
    (key, given) => i18n.t(key, given),
    { language: 'en', now: fixtureNow },
  )

beforeAll(async () => {
  await i18n.init({
    lng: 'en',
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
  })
})

/** The second line of a single model, as a person reads it. */
function line(fields: {
  model?: Parameters<typeof model>[0]
  loaded?: Parameters<typeof loaded>[0]
  job?: Partial<Job>
}): string {
  const id = fields.model?.id ?? 'm'
  const host = demoHost({
    memoryBar: studioBar,
    runtimes: [
      runtime({
        models: [model({ id, ...fields.model })],
        loaded: fields.loaded === undefined ? [] : [loaded({ modelId: id, ...fields.loaded })],
      }),
    ],
  })
  const jobs = fields.job === undefined ? [] : [job({ subject: `ollama/${id}`, ...fields.job })]
  const [row] = modelRows(host, jobs)
  if (row === undefined) throw new Error('no row')
  const { lead, rest } = modelWords(row, host.memoryBar, fixtureNow, say, {
    isRuntimeNamed: false,
    hasFailed: fields.job?.state === 'failed',
  })
  return [lead?.text, rest].filter(Boolean).join(' | ')
}

test.each([
  [{ isBusy: true, expiresAt: isoAt(-250_000) }, 'Ollama, 26 GB, 8k context, answering'],
  [{ expiresAt: isoAt(-250_000) }, 'Ollama, 26 GB, 8k context, unloads in 4 min'],
  [{ expiresAt: isoAt(10_000) }, 'Ollama, 26 GB, 8k context, unloads when idle'],
  [{ isKept: true }, 'Ollama, 26 GB, 8k context, stays loaded'],
  [{ sizeBytes: null, contextTokens: null }, 'Ollama'],
])('a loaded model: %o', (fields, words) => {
  expect(line({ loaded: fields })).toBe(words)
})

test.each([
  [79 * GB, 'Fits | 79 GB plus context'],
  [100 * GB, 'Tight | 100 GB plus context'],
  // 290 - 105 of room; deepseek holds 187, which is enough
  [290 * GB, 'Needs 185 GB more | unload deepseek-v3 first'],
  [400 * GB, 'Larger than the GPU limit | 400 GB plus context'],
  [null, 'Size not known'],
])('a model of %d bytes that is not loaded, with 105 GB of room', (sizeBytes, words) => {
  expect(line({ model: { sizeBytes } })).toBe(words)
})

test.each([
  [{ progress: null }, 'Ollama, loading, for 14 s'],
  [
    { progress: { doneBytes: 41 * GB, totalBytes: 66 * GB } },
    'Ollama, loading 41 of 66 GB, for 14 s',
  ],
  [
    { progress: { doneBytes: 0.9 * GB, totalBytes: 4.7 * GB } },
    'Ollama, loading 900 MB of 4.7 GB, for 14 s',
  ],
  [
    { progress: { doneBytes: 41 * GB, totalBytes: null } },
    'Ollama, loading, 41 GB so far, for 14 s',
  ],
  [{ progress: null, startedAt: isoAt(0) }, 'Ollama, loading, for 1 s'],
  [{ state: 'cancelling' as const }, 'Ollama, cancelling, for 14 s'],
  [{ kind: 'unload-model' as const }, 'Ollama, unloading, for 14 s'],
])('a model with a job: %o', (fields, words) => {
  expect(line({ job: fields })).toBe(words)
})

test('a load that failed has no green word beside its failure, and keeps a warning', () => {
  const failed = { state: 'failed' as const }
  expect(line({ model: { sizeBytes: 79 * GB }, job: failed })).toBe('79 GB plus context')
  expect(line({ model: { sizeBytes: 290 * GB }, job: failed })).toBe(
    'Needs 185 GB more | unload deepseek-v3 first',
  )
})

test('a model served elsewhere is said to be', () => {
  expect(line({ model: { isRemote: true, sizeBytes: null } })).toBe(
    'Ollama, runs on another computer',
  )
})

test.each([
  [8_192, '8k'],
  [131_072, '128k'],
  [1_048_576, '1M'],
  [512, '512'],
])('a context of %i tokens', (count, text) => {
  expect(tokens(count)).toBe(text)
})

test.each([
  ['deepseek-v3:q3_k_m', 'deepseek-v3'],
  ['hf.co/unsloth/Qwen3-GGUF:Q4_K_M', 'Qwen3-GGUF'],
  [':odd', ':odd'],
])('%s is called %s for short', (name, short) => {
  expect(shortName(name)).toBe(short)
})
