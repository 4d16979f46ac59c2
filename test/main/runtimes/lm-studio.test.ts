import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { catalogueOfV0, catalogueOfV1, lmStudio } from '../../../main/runtimes/lm-studio.ts'
import { startFakeLmStudio } from '../../support/fake-runtimes.ts'
import { startFakeServer } from '../../support/fake-server.ts'
import { loopbackHost } from '../../support/loopback-host.ts'

const v0: unknown = JSON.parse(
  readFileSync(
    new URL(
      '../../fixtures/runtimes/lmstudio-api-v0-models/loaded-and-not-loaded.json',
      import.meta.url,
    ),
    'utf8',
  ),
)

describe('interface v0', () => {
  it('reads which models are loaded, and their context where it is told', () => {
    const catalogue = catalogueOfV0(v0)
    expect(catalogue?.models).toHaveLength(3)
    expect(catalogue?.loaded.map((model) => [model.modelId, model.contextTokens])).toEqual([
      ['qwen/qwen3.5-4b', 119_552],
      ['text-embedding-nomic-embed-text-v1.5', null],
    ])
    expect(catalogue?.models[1]).toMatchObject({ format: 'gguf', quantisation: null })
  })

  it('is used where there is no v1, and offers no load', async () => {
    const older = await startFakeServer(
      { 'GET /api/v0/models': (_, respond) => respond(200, v0) },
      ({ line }, respond) => respond(200, { error: `Unexpected endpoint or method. (${line})` }),
    )
    const host = loopbackHost({ 1234: older.port })
    expect(await lmStudio.detect(host)).toEqual({ port: 1234, version: null, actions: [] })
    expect(await lmStudio.models(host, 1234)).toHaveLength(3)
    await older.close()
  })
})

/** As lmstudio.ai/docs/developer/rest/list has it. */
const v1 = {
  models: [
    {
      type: 'llm',
      publisher: 'openai',
      key: 'openai/gpt-oss-20b',
      display_name: 'GPT-OSS 20B',
      architecture: 'gpt-oss',
      quantization: { name: 'MXFP4', bits_per_weight: 4 },
      size_bytes: 12_109_566_560,
      params_string: '20B',
      loaded_instances: [
        { id: 'openai/gpt-oss-20b', config: { context_length: 16_384 } },
        { id: 'openai/gpt-oss-20b:2', config: { context_length: 4096 } },
      ],
      max_context_length: 131_072,
      format: 'gguf',
    },
    {
      type: 'embedding',
      key: 'text-embedding-nomic-embed-text-v1.5',
      display_name: 'Nomic Embed Text v1.5',
      quantization: null,
      size_bytes: 84_106_624,
      params_string: null,
      loaded_instances: [],
      max_context_length: 2048,
      format: null,
    },
  ],
}

describe('interface v1', () => {
  it('reads models and each of their instances', () => {
    const catalogue = catalogueOfV1(v1)
    expect(catalogue?.models).toEqual([
      {
        id: 'openai/gpt-oss-20b',
        name: 'GPT-OSS 20B',
        sizeBytes: 12_109_566_560,
        format: 'gguf',
        family: 'gpt-oss',
        parameters: '20B',
        quantisation: 'MXFP4',
        contextTokens: 131_072,
        isRemote: false,
      },
      {
        id: 'text-embedding-nomic-embed-text-v1.5',
        name: 'Nomic Embed Text v1.5',
        sizeBytes: 84_106_624,
        format: null,
        family: null,
        parameters: null,
        quantisation: null,
        contextTokens: 2048,
        isRemote: false,
      },
    ])
    expect(catalogue?.loaded.map((model) => [model.instanceId, model.contextTokens])).toEqual([
      ['openai/gpt-oss-20b', 16_384],
      ['openai/gpt-oss-20b:2', 4096],
    ])
  })

  it('unloads every instance, each by its own id', async () => {
    const server = await startFakeServer(
      {
        'GET /api/v1/models': (_, respond) => respond(200, v1),
        'POST /api/v1/models/unload': ({ body }, respond) => respond(200, body),
      },
      (_, respond) => respond(404, ''),
    )
    await lmStudio.unload?.(loopbackHost({ 1234: server.port }), 1234, 'openai/gpt-oss-20b')
    expect(server.seen.slice(1).map(({ body }) => body.instance_id)).toEqual([
      'openai/gpt-oss-20b',
      'openai/gpt-oss-20b:2',
    ])
    await server.close()
  })

  it('asks for no second instance of a loaded model', async () => {
    const server = await startFakeLmStudio()
    const host = loopbackHost({ 1234: server.port })
    await lmStudio.load?.(host, 1234, 'small')
    await lmStudio.load?.(host, 1234, 'small')
    expect(server.seen.filter(({ line }) => line.endsWith('/load'))).toHaveLength(1)
    await server.close()
  })

  it('says when tokens are asked for', async () => {
    const server = await startFakeServer({}, (_, respond) =>
      respond(401, { error: { message: 'An LM Studio API token is required' } }),
    )
    const found = lmStudio.detect(loopbackHost({ 1234: server.port }))
    await expect(found).rejects.toMatchObject({ code: 'not-permitted' })
    await server.close()
  })
})
