import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogueOfModels, llamaCpp, serverOfProps } from '../../../main/runtimes/llama-cpp.ts'
import { startFakeLlamaServer } from '../../support/fake-runtimes.ts'
import { startFakeServer } from '../../support/fake-server.ts'
import { loopbackHost } from '../../support/loopback-host.ts'

const llama = 'llama.cpp'

/** Bodies as tools/server/README.md and server-context.cpp of llama.cpp have them. */
describe('serverOfProps', () => {
  it('knows a router, with its version', () => {
    const text =
      '{"role":"router","default_generation_settings":{"n_ctx":0},"build_info":"b7412-1a2b3c4"}'
    expect(serverOfProps({ status: 200, serverName: llama, text })).toEqual({
      isRouter: true,
      version: 'b7412-1a2b3c4',
    })
  })

  it('knows a server with one model, whatever stands between it and us', () => {
    const text =
      '{"default_generation_settings":{"n_ctx":4096},"total_slots":4,"build_info":"b5000-x"}'
    expect(serverOfProps({ status: 200, serverName: 'nginx', text })).toEqual({
      isRouter: false,
      version: 'b5000-x',
    })
  })

  it('knows one that still loads, and one that asks for a key', () => {
    for (const [status, text] of [
      [503, '{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}'],
      [401, '{"error":{"code":401,"message":"Invalid API Key","type":"authentication_error"}}'],
    ] as const) {
      expect(serverOfProps({ status, serverName: llama, text })).toEqual({
        isRouter: false,
        version: null,
      })
    }
  })

  it('takes nothing else for it', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 200, max: 599 }), (text, status) => {
        expect(serverOfProps({ status, serverName: 'nginx', text })).toBeNull()
      }),
    )
  })
})

describe('catalogueOfModels', () => {
  it('reads the model of a server that has one', () => {
    const catalogue = catalogueOfModels({
      object: 'list',
      data: [
        {
          id: 'qwen3-8b-Q4_K_M.gguf',
          owned_by: 'llamacpp',
          meta: { n_ctx: 4096, n_ctx_train: 40960, n_params: 8190735360, size: 5027784704 },
        },
      ],
    })
    expect(catalogue?.models[0]).toMatchObject({
      sizeBytes: 5_027_784_704,
      quantisation: 'Q4_K_M',
      contextTokens: 40_960,
    })
    expect(catalogue?.loaded[0]).toMatchObject({ contextTokens: 4096, isKept: true })
  })

  it.each([
    ['loaded', { value: 'loaded' }, 1],
    ['loading', { value: 'loading' }, 0],
    ['unloaded', { value: 'unloaded' }, 0],
    // its process stays, its memory does not
    ['sleeping', { value: 'sleeping' }, 0],
    ['downloading', { value: 'downloading', progress: {} }, 0],
    ['failed', { value: 'unloaded', failed: true, exit_code: 1 }, 0],
  ])('a router’s model that is %s', (status, said, loadedCount) => {
    const catalogue = catalogueOfModels({ data: [{ id: 'big', status: said }] })
    expect(catalogue?.status('big')).toBe(status)
    expect(catalogue?.loaded).toHaveLength(loadedCount)
  })

  it.each([[null], [{}], [{ data: 'none' }], [[]]])('does not take %j for its answer', (answer) => {
    expect(catalogueOfModels(answer)).toBeNull()
  })
})

describe('llama.cpp', () => {
  it('offers load and unload only where the server is a router', async () => {
    const router = await startFakeLlamaServer()
    expect(await llamaCpp.detect(loopbackHost({ 8080: router.port }))).toEqual({
      port: 8080,
      version: 'b7412-1a2b3c4',
    })
    await router.close()
    const single = await startFakeServer({}, (_, respond) =>
      respond(200, { default_generation_settings: {} }, { server: llama }),
    )
    expect(await llamaCpp.detect(loopbackHost({ 8080: single.port }))).toMatchObject({
      actions: [],
    })
    await single.close()
  })

  it('never asks for the properties of a model, which would load it', async () => {
    const router = await startFakeLlamaServer()
    const host = loopbackHost({ 9931: router.port })
    await llamaCpp.detect(host)
    await llamaCpp.models(host, 9931)
    await llamaCpp.loaded(host, 9931)
    expect(router.seen.map(({ line }) => line)).toEqual([
      'GET /props',
      'GET /models',
      'GET /models',
    ])
    await router.close()
  })
})
