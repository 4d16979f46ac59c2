import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Host } from '../../main/hosts/host.ts'
import { ollama } from '../../main/runtimes/ollama.ts'
import { until } from '../support/until.ts'
import { largeModel, tinyModel } from './support/installed.ts'
import { type FarOllama, startOllama } from './support/ollama.ts'
import { sshHostOf } from './support/ssh.ts'
import { type Studio, startStudio } from './support/studio.ts'

const port = 11434

/** A real Ollama, reached as always: through a channel of the SSH connection. */
describe('a real Ollama behind SSH', () => {
  let studio: Studio
  let server: FarOllama
  let host: Host
  beforeAll(async () => {
    studio = await startStudio()
    server = await startOllama(studio)
    host = sshHostOf(studio)
  })
  afterAll(async () => {
    await host?.close()
    await studio?.close()
  })
  afterEach(async () => {
    for (const { modelId } of await ollama.loaded(host, port)) {
      await ollama.unload?.(host, port, modelId)
    }
    await untilLoaded([])
  })

  const load = (modelId: string, signal?: AbortSignal) =>
    ollama.load?.(host, port, modelId, signal === undefined ? {} : { signal })
  const loadedIds = async () => (await ollama.loaded(host, port)).map(({ modelId }) => modelId)
  const untilLoaded = (ids: string[]) =>
    until(async () => JSON.stringify((await loadedIds()).sort()) === JSON.stringify(ids), {
      withinMs: 20_000,
      everyMs: 100,
    })

  it('is found, with its version and its models', async () => {
    const detected = await ollama.detect(host)
    expect(detected?.port).toBe(port)
    expect(detected?.version).toMatch(/^\d+\.\d+/)
    const models = await ollama.models(host, port)
    expect(models.map(({ id }) => id).sort()).toEqual([largeModel, tinyModel])
    const large = models.find(({ id }) => id === largeModel)
    expect(large).toMatchObject({ format: 'gguf', family: 'llama', isRemote: false })
    // the file that make-gguf.py wrote, with the few bytes of Ollama's template
    expect(large?.sizeBytes).toBeGreaterThan(150_000_000)
    expect(large?.sizeBytes).toBeLessThan(170_000_000)
  })

  it('loads a model, which then is listed and held by a process, and unloads it', async () => {
    await load(largeModel)
    const [model] = await ollama.loaded(host, port)
    expect(model).toMatchObject({ modelId: largeModel, isKept: false })
    expect(model?.sizeBytes).toBeGreaterThan(150_000_000)
    const minutesLeft = (Date.parse(model?.expiresAt ?? '') - Date.now()) / 60_000
    // Ollama's own default
    expect(minutesLeft).toBeGreaterThan(4)
    expect(minutesLeft).toBeLessThan(6)
    expect(server.runners()).toHaveLength(1)
    await ollama.unload?.(host, port, largeModel)
    await untilLoaded([])
    await until(() => server.runners().length === 0)
  })

  it('says when there is no such model', async () => {
    await expect(load('nobody/nothing:latest')).rejects.toMatchObject({ code: 'model-not-found' })
    await expect(ollama.unload?.(host, port, 'nobody/nothing:latest')).rejects.toMatchObject({
      code: 'model-not-found',
    })
  })

  it('holds two models at once, and unloads the one that is meant', async () => {
    await load(tinyModel)
    await load(largeModel)
    await untilLoaded([largeModel, tinyModel])
    await ollama.unload?.(host, port, tinyModel)
    await untilLoaded([largeModel])
  })

  it('answers while a model loads, and takes a load back', async () => {
    const wanted = new AbortController()
    const loading = load(largeModel, wanted.signal)
    const ended = loading?.then(
      () => 'loaded',
      (error: { code: string }) => error.code,
    )
    // a load that stands still for as long as we look: its process is stopped as soon as it is there
    const runner = await until(() => server.runners()[0], { everyMs: 1 })
    process.kill(runner.pid, 'SIGSTOP')
    expect(await ollama.detect(host)).toMatchObject({ port })
    const during = await ollama.loaded(host, port).catch((error: { code: string }) => error.code)
    // older servers list the model that is loading, newer ones let the question wait
    expect(during === 'timeout' || Array.isArray(during)).toBe(true)
    wanted.abort()
    expect(await ended).toBe('cancelled')
    await ollama.unload?.(host, port, largeModel)
    await untilLoaded([])
    await until(() => server.runners().length === 0, { withinMs: 20_000 })
  })

  it('still answers after its process with a model was killed', async () => {
    await load(tinyModel)
    const runner = await until(() => server.runners()[0])
    process.kill(runner.pid, 'SIGKILL')
    await until(() => server.runners().length === 0)
    expect(await ollama.detect(host)).toMatchObject({ port })
    // the server lists it until somebody unloads it
    await ollama.unload?.(host, port, tinyModel)
    await untilLoaded([])
    await load(tinyModel)
    await untilLoaded([tinyModel])
  })

  it('is said to be gone when it is', async () => {
    process.kill(server.pid, 'SIGTERM')
    await until(async () => (await ollama.detect(host)) === null)
    await expect(ollama.models(host, port)).rejects.toMatchObject({ code: 'not-running' })
    server = await startOllama(studio)
    expect(await ollama.detect(host)).toMatchObject({ port })
  })
})
