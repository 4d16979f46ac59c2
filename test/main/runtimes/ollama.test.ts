import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loadedOfPs, modelsOfTags, ollama } from '../../../main/runtimes/ollama.ts'
import { type FakeRuntime, startFakeOllama } from '../../support/fake-runtimes.ts'
import { startFakeServer } from '../../support/fake-server.ts'
import { loopbackHost } from '../../support/loopback-host.ts'
import { until } from '../../support/until.ts'

const fixture = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../fixtures/runtimes/${path}.json`, import.meta.url), 'utf8'))
const entry = (fields: Record<string, unknown>) => ({ models: [{ name: 'a', ...fields }] })

describe('modelsOfTags', () => {
  it('tells a model of this machine from one that runs elsewhere', () => {
    const [cloud, local] =
      modelsOfTags(fixture('ollama-api-tags/deepseek-671b-cloud-and-local')) ?? []
    expect(cloud).toMatchObject({ id: 'deepseek-v3.1:671b-cloud', isRemote: true, sizeBytes: null })
    expect(local).toEqual({
      id: 'qwen2.5:7b',
      name: 'qwen2.5:7b',
      sizeBytes: 4_683_087_332,
      format: 'gguf',
      family: 'qwen2',
      parameters: '7.6B',
      quantisation: 'Q4_K_M',
      contextTokens: null,
      isRemote: false,
    })
  })

  it('leaves out an entry without a name, and gives null for a column that is missing', () => {
    const models = modelsOfTags({ models: [{ size: 1 }, null, { name: 'bare' }] })
    expect(models).toHaveLength(1)
    expect(models?.[0]).toMatchObject({ id: 'bare', sizeBytes: null, format: null })
  })

  it.each([[null], [[]], ['models'], [{}], [{ models: {} }], [{ error: 'broken' }]])(
    'does not take %j for its answer',
    (answer) => expect(modelsOfTags(answer)).toBeNull(),
  )

  it('reads any JSON without throwing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, two) => {
        modelsOfTags(one)
        modelsOfTags({ models: [one, { name: 'a', size: two, details: one }] })
      }),
    )
  })
})

describe('loadedOfPs', () => {
  it('reads an older answer, which does not tell the context', () => {
    expect(loadedOfPs(fixture('ollama-api-ps/docs-2024-without-context'))).toEqual([
      {
        modelId: 'mistral:latest',
        instanceId: 'mistral:latest',
        sizeBytes: 5_137_025_024,
        gpuBytes: 5_137_025_024,
        contextTokens: null,
        expiresAt: '2024-06-04T21:38:31.837Z',
        isKept: false,
        isBusy: null,
      },
    ])
  })

  it('reads the context and an expiry in another time zone', () => {
    expect(loadedOfPs(fixture('ollama-api-ps/one-full-gpu-offset-time'))?.[0]).toMatchObject({
      contextTokens: 32_768,
      expiresAt: '2026-06-28T11:22:51.358Z',
    })
  })

  it('tells the part on the GPU from the whole', () => {
    expect(loadedOfPs(fixture('ollama-api-ps/partial-gpu'))?.[0]).toMatchObject({
      sizeBytes: 6_591_830_464,
      gpuBytes: 5_333_539_264,
    })
  })

  it('reads that nothing is loaded', () => {
    expect(loadedOfPs(fixture('ollama-api-ps/none'))).toEqual([])
  })

  it('takes an expiry centuries away as "until somebody unloads it"', () => {
    expect(loadedOfPs(entry({ expires_at: '2319-03-01T10:00:00Z' }))?.[0]).toMatchObject({
      isKept: true,
      expiresAt: null,
    })
  })

  it('keeps an expiry in the past: the model unloads when it is idle', () => {
    expect(loadedOfPs(entry({ expires_at: '2020-03-01T10:00:00Z' }))?.[0]).toMatchObject({
      isKept: false,
      expiresAt: '2020-03-01T10:00:00.000Z',
    })
  })

  it.each([['0001-01-01T00:00:00Z'], ['soon'], [7], [undefined]])(
    'claims nothing of the expiry %j',
    (expires_at) =>
      expect(loadedOfPs(entry({ expires_at }))?.[0]).toMatchObject({
        isKept: false,
        expiresAt: null,
      }),
  )

  it('reads 0 as a true number of bytes on the GPU, but not of the whole', () => {
    expect(loadedOfPs(entry({ size: 0, size_vram: 0 }))?.[0]).toMatchObject({
      sizeBytes: null,
      gpuBytes: 0,
    })
  })

  it('reads any JSON without throwing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (one, two) => {
        loadedOfPs(one)
        loadedOfPs(entry({ expires_at: two, size: one, context_length: one }))
      }),
    )
  })
})

describe('Ollama', () => {
  let server: FakeRuntime
  beforeEach(async () => {
    server = await startFakeOllama()
  })
  afterEach(() => server.close())
  const host = () => loopbackHost({ 11434: server.port })

  it('says its version', async () => {
    expect(await ollama.detect(host())).toEqual({ port: 11434, version: '0.17.4' })
  })

  it('never looks by a request that would load a model or reset its timer', async () => {
    await ollama.detect(host())
    await ollama.models(host(), 11434)
    await ollama.loaded(host(), 11434)
    expect(server.seen.map(({ line }) => line)).toEqual([
      'GET /api/version',
      'GET /api/tags',
      'GET /api/ps',
    ])
  })

  it('loads without a prompt and leaves the timer to the server', async () => {
    await ollama.load?.(host(), 11434, 'small')
    expect(server.seen.at(-1)?.body).toEqual({ model: 'small', prompt: '', stream: false })
  })

  it('unloads with the number 0 and without a prompt', async () => {
    await ollama.unload?.(host(), 11434, 'small')
    expect(server.seen.at(-1)?.body).toEqual({
      model: 'small',
      prompt: '',
      keep_alive: 0,
      stream: false,
    })
  })

  it('has one poll of loaded models open while the server makes it wait', async () => {
    const one = host()
    server.hold()
    const polls = [1, 2, 3].map(() => ollama.loaded(one, 11434))
    await until(() => server.seen.length > 0)
    server.release()
    expect(await Promise.all(polls)).toEqual([[], [], []])
    expect(server.seen).toHaveLength(1)
    await ollama.loaded(one, 11434)
    expect(server.seen).toHaveLength(2)
  })

  it('lets a caller leave a waiting poll without ending it for the others', async () => {
    const one = host()
    server.hold()
    const leaving = new AbortController()
    const left = ollama.loaded(one, 11434, { signal: leaving.signal })
    const stays = ollama.loaded(one, 11434)
    leaving.abort()
    await expect(left).rejects.toMatchObject({ code: 'cancelled' })
    server.release()
    expect(await stays).toEqual([])
  })

  it('closes its connection when a load is given up, so that the server may stop', async () => {
    server.hold()
    const wanted = new AbortController()
    const loading = ollama.load?.(host(), 11434, 'large', { signal: wanted.signal })
    await until(() => server.seen.length > 0)
    wanted.abort()
    await expect(loading).rejects.toMatchObject({ code: 'cancelled' })
    await until(() => server.seen[0]?.isAborted === true)
  })

  it('loads a model that only embeds by an empty list to embed', async () => {
    const embedding = await startFakeServer(
      {
        'POST /api/generate': (_, respond) =>
          respond(400, { error: '"nomic-embed-text" does not support generate' }),
        'POST /api/embed': (_, respond) => respond(200, { embeddings: [] }),
      },
      (_, respond) => respond(404, ''),
    )
    const ports = loopbackHost({ 11434: embedding.port })
    await ollama.load?.(ports, 11434, 'nomic-embed-text')
    expect(embedding.seen.at(-1)?.body).toEqual({ model: 'nomic-embed-text', input: [] })
    await embedding.close()
  })

  it('prints nothing, whatever the server answers', async () => {
    const log = vi.spyOn(console, 'log')
    const broken = await startFakeServer({}, (_, respond) =>
      respond(500, 'no JSON here', { 'content-type': 'text/plain' }),
    )
    const asked = ollama.models(loopbackHost({ 11434: broken.port }), 11434)
    await expect(asked).rejects.toMatchObject({ code: 'server-error' })
    expect(log).not.toHaveBeenCalled()
    log.mockRestore()
    await broken.close()
  })
})
