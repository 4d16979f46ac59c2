import { describe, expect, it } from 'vitest'
import { createFleet } from '../../../main/core/fleet.ts'
import { createJobs } from '../../../main/core/jobs.ts'
import { createModelActions, type ModelsOf } from '../../../main/models/actions.ts'
import { type Runtime, RuntimeError } from '../../../main/runtimes/runtime.ts'
import type { RuntimeState } from '../../../preload/contract/models.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { createScriptedHost } from '../../support/scripted-host.ts'
import { silentLog } from '../../support/silent-log.ts'

const GB = 1_000_000_000
const model = {
  ...{ id: 'qwen3', name: 'qwen3', sizeBytes: 26 * GB, format: 'gguf', family: null },
  ...{ parameters: null, quantisation: null, contextTokens: null, isRemote: false },
}
const loadedModel = {
  ...{
    modelId: 'qwen3',
    instanceId: 'qwen3',
    sizeBytes: 27 * GB,
    gpuBytes: null,
    contextTokens: null,
  },
  ...{ expiresAt: null, isKept: false, isBusy: null },
}

/** A server whose load takes until `finish`, and whose list is what it holds. */
function setUp() {
  const clock = new FakeClock()
  const fleet = createFleet()
  const jobs = createJobs({ fleet, clock, log: silentLog })
  const actions = createModelActions({ jobs, clock })
  const asked: string[] = []
  let heldBytes = 10 * GB
  let isLoaded = false
  let canUnload = true
  let port: number | null = 11434
  const loading = Promise.withResolvers<void>()
  const runtime: Runtime = {
    ...{ id: 'ollama', name: 'Ollama', ports: [11434], processNames: ['ollama'] },
    detect: async () => ({ port: 11434, version: '1' }),
    models: async () => [model],
    loaded: async () => (isLoaded ? [loadedModel] : []),
    async load(_host, port, modelId, options) {
      asked.push(`load ${modelId} on ${port}`)
      options?.signal?.addEventListener('abort', () =>
        loading.reject(new RuntimeError('cancelled', '')),
      )
      await loading.promise
      isLoaded = true
    },
    async unload(_host, _port, modelId) {
      asked.push(`unload ${modelId}`)
      if (canUnload) isLoaded = false
    },
  }
  const state = (): RuntimeState => ({
    ...{ id: 'ollama', name: 'Ollama', state: 'running', detail: null, version: '1', port },
    ...{
      models: [model],
      loaded: isLoaded ? [loadedModel] : [],
      actions: ['load', 'unload'],
      at: null,
    },
  })
  const of: ModelsOf = {
    host: createScriptedHost('studio', clock),
    runtime: (id) => (id === 'ollama' ? { runtime, state: state() } : undefined),
    refresh: async () => state(),
    footprintBytes: async () => heldBytes,
  }
  const job = () => fleet.get().jobs.at(-1)
  return {
    ...{ clock, fleet, actions, of, asked, job },
    grow: (bytes: number) => (heldBytes += bytes),
    finish: () => loading.resolve(),
    keepBusy: () => (canUnload = false),
    startLoaded: () => (isLoaded = true),
    addMeanwhile: () => (isLoaded = true),
    letGo: () => (isLoaded = false),
    stop: () => (port = null),
    cancel: () => jobs.cancel('studio', job()?.id ?? ''),
  }
}

describe('loading a model', () => {
  it('says what is in memory so far, as measured, and never more than the model has', async () => {
    const { actions, of, clock, grow, job, finish, asked } = setUp()
    actions.load(of, 'ollama', 'qwen3')
    await clock.advance(1_000)
    expect(job()?.progress).toEqual({ doneBytes: 0, totalBytes: 26 * GB })
    grow(13 * GB)
    await clock.advance(1_000)
    expect(job()?.progress).toEqual({ doneBytes: 13 * GB, totalBytes: 26 * GB })
    grow(40 * GB)
    await clock.advance(1_000)
    expect(job()?.progress?.doneBytes).toBe(26 * GB)
    finish()
    await clock.advance(2_000)
    expect(job()?.state).toBe('done')
    expect(asked).toEqual(['load qwen3 on 11434'])
  })

  it('starts nothing twice', async () => {
    const { actions, of, clock, fleet } = setUp()
    const first = actions.load(of, 'ollama', 'qwen3')
    await clock.advance(100)
    expect(actions.load(of, 'ollama', 'qwen3')).toEqual(first)
    expect(fleet.get().jobs).toHaveLength(1)
  })

  it('is cancelled only when the server no longer has the model, though it went on loading', async () => {
    const { actions, of, clock, job, cancel, keepBusy, addMeanwhile, letGo, asked } = setUp()
    actions.load(of, 'ollama', 'qwen3')
    await clock.advance(500)
    keepBusy()
    addMeanwhile()
    cancel()
    await clock.advance(60_000)
    expect(asked).toEqual(['load qwen3 on 11434', 'unload qwen3'])
    expect(job()?.state).toBe('cancelling')
    letGo()
    await clock.advance(1_000)
    expect(job()).toMatchObject({ state: 'cancelled', error: null })
  })

  it('fails to be cancelled where the server keeps the model for two minutes', async () => {
    const { actions, of, clock, job, cancel, keepBusy, addMeanwhile } = setUp()
    actions.load(of, 'ollama', 'qwen3')
    await clock.advance(500)
    keepBusy()
    addMeanwhile()
    cancel()
    await clock.advance(119_000)
    expect(job()?.state).toBe('cancelling')
    await clock.advance(2_000)
    expect(job()).toMatchObject({ state: 'failed', error: { code: 'server-busy' } })
  })

  it('asks the server twice before it believes that the model is gone', async () => {
    const { actions, of, clock, job, cancel } = setUp()
    actions.load(of, 'ollama', 'qwen3')
    await clock.advance(500)
    cancel()
    await clock.advance(400)
    expect(job()?.state).toBe('cancelling')
    await clock.advance(600)
    expect(job()?.state).toBe('cancelled')
  })
})

describe('unloading a model', () => {
  it('is done when the list no longer has it', async () => {
    const { actions, of, clock, job, startLoaded, keepBusy, letGo, asked } = setUp()
    startLoaded()
    keepBusy()
    actions.unload(of, 'ollama', 'qwen3')
    await clock.advance(60_000)
    expect(asked).toEqual(['unload qwen3'])
    expect(job()?.state).toBe('running')
    letGo()
    await clock.advance(1_000)
    expect(job()).toMatchObject({ state: 'done', error: null })
  })

  it('refuses a server that is not there', () => {
    const { actions, of, fleet, stop } = setUp()
    const refusal = (code: string) =>
      expect.objectContaining({ info: expect.objectContaining({ code }) })
    expect(() => actions.unload(of, 'mlx', 'qwen3')).toThrow(refusal('not-found'))
    stop()
    expect(() => actions.unload(of, 'ollama', 'qwen3')).toThrow(refusal('not-running'))
    expect(fleet.get().jobs).toEqual([])
  })
})
