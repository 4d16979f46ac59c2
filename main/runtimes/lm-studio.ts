import type { LoadedModel, Model } from '../../preload/contract/models.ts'
import type { Host } from '../hosts/host.ts'
import { askJson, errorOfAnswer, isNobodyThere } from './ask.ts'
import { countOrNull, isRecord, recordsOrNull, textOrNull } from './fields.ts'
import { type CallOptions, type Runtime, RuntimeError } from './runtime.ts'

const quickMs = 5_000
const loadMs = 30 * 60_000

/**
 * LM Studio's server: interface v1 (0.4.0 and later) with load and unload, else v0 (0.3.6 and later), which only lists.
 * No answer tells memory in use or an expiry time. An address that does not exist is answered with status 200 and an
 * `error`, so only the form of an answer tells which interface there is.
 */
export const lmStudio: Runtime = {
  id: 'lm-studio',
  name: 'LM Studio',
  ports: [1234],
  processNames: ['LM Studio', 'LM Studio Helper', 'lms', 'llmster'],

  async detect(host, options = {}) {
    for (const port of lmStudio.ports) {
      try {
        const { api } = await askCatalogue(host, port, options)
        return { port, version: null, ...(api === 'v1' ? {} : { actions: [] }) }
      } catch (error) {
        if (!isNobodyThere(error)) throw error
      }
    }
    return null
  },

  async models(host, port, options = {}) {
    return (await askCatalogue(host, port, options)).models
  },

  async loaded(host, port, options = {}) {
    return (await askCatalogue(host, port, options)).loaded
  },

  async load(host, port, modelId, options = {}) {
    // a second load of a loaded model would make a second instance
    const { loaded } = await askCatalogue(host, port, options)
    if (loaded.some((instance) => instance.modelId === modelId)) return
    const body = { model: modelId }
    const answer = await askJson(host, port, '/api/v1/models/load', {
      ...options,
      method: 'POST',
      body,
      timeoutMs: loadMs,
    })
    refuseError(answer)
  },

  async unload(host, port, modelId, options = {}) {
    const { loaded } = await askCatalogue(host, port, options)
    for (const instance of loaded.filter((each) => each.modelId === modelId)) {
      const answer = await askJson(host, port, '/api/v1/models/unload', {
        ...options,
        method: 'POST',
        body: { instance_id: instance.instanceId },
        timeoutMs: quickMs * 6,
      })
      refuseError(answer)
    }
  },
}

interface Catalogue {
  api: 'v1' | 'v0'
  models: Model[]
  loaded: LoadedModel[]
}

/**
 * The answer of `GET /api/v1/models`; null where it is none. Source: lmstudio.ai/docs/developer/rest/list.
 *
 * `{"models":[{"key":"openai/gpt-oss-20b","display_name":"GPT-OSS 20B","size_bytes":12110000000,"format":"gguf",
 * "params_string":"20B","quantization":{"name":"MXFP4"},"max_context_length":131072,
 * "loaded_instances":[{"id":"openai/gpt-oss-20b","config":{"context_length":16384}}]}]}`
 */
export function catalogueOfV1(answer: unknown): Catalogue | null {
  const entries = isRecord(answer) ? recordsOrNull(answer.models) : null
  // Ollama and llama.cpp answer other addresses with `models` too, but with `name` where this has `key`
  if (entries === null || entries.some((entry) => textOrNull(entry.key) === null)) return null
  const models: Model[] = []
  const loaded: LoadedModel[] = []
  for (const entry of entries) {
    const id = textOrNull(entry.key) ?? ''
    const quantisation = entry.quantization
    models.push({
      id,
      name: textOrNull(entry.display_name) ?? id,
      sizeBytes: countOrNull(entry.size_bytes),
      format: textOrNull(entry.format),
      family: textOrNull(entry.architecture),
      parameters: textOrNull(entry.params_string),
      quantisation: textOrNull(isRecord(quantisation) ? quantisation.name : quantisation),
      contextTokens: countOrNull(entry.max_context_length),
      isRemote: false,
    })
    for (const instance of recordsOrNull(entry.loaded_instances) ?? []) {
      const instanceId = textOrNull(instance.id)
      if (instanceId === null) continue
      const config = isRecord(instance.config) ? instance.config : {}
      loaded.push(loadedInstance(id, instanceId, countOrNull(config.context_length)))
    }
  }
  return { api: 'v1', models, loaded }
}

/**
 * The answer of `GET /api/v0/models`; null where it is none. Source: lmstudio.ai/docs/api/rest-api.
 *
 * `{"object":"list","data":[{"id":"qwen/qwen3.5-4b","type":"vlm","arch":"qwen3_5","compatibility_type":"mlx",
 * "quantization":"4bit","state":"loaded","max_context_length":262144,"loaded_context_length":119552}]}`
 */
export function catalogueOfV0(answer: unknown): Catalogue | null {
  const entries = isRecord(answer) ? recordsOrNull(answer.data) : null
  // other servers list models the same way; only this one says `state` in each
  if (entries === null || entries.some((entry) => textOrNull(entry.state) === null)) return null
  const named = entries.flatMap((entry) => {
    const id = textOrNull(entry.id)
    return id === null ? [] : [{ id, entry }]
  })
  return {
    api: 'v0',
    models: named.map(({ id, entry }) => ({
      id,
      name: id,
      sizeBytes: null,
      format: textOrNull(entry.compatibility_type),
      family: textOrNull(entry.arch),
      parameters: null,
      quantisation: textOrNull(entry.quantization),
      contextTokens: countOrNull(entry.max_context_length),
      isRemote: false,
    })),
    loaded: named
      .filter(({ entry }) => entry.state === 'loaded')
      .map(({ id, entry }) => loadedInstance(id, id, countOrNull(entry.loaded_context_length))),
  }
}

/** Memory and expiry are not told; what was loaded by hand stays, what a request loaded may go: so neither is claimed. */
function loadedInstance(
  modelId: string,
  instanceId: string,
  contextTokens: number | null,
): LoadedModel {
  return {
    modelId,
    instanceId,
    sizeBytes: null,
    gpuBytes: null,
    contextTokens,
    expiresAt: null,
    isKept: false,
    isBusy: null,
  }
}

async function askCatalogue(host: Host, port: number, options: CallOptions): Promise<Catalogue> {
  for (const [path, parse] of [
    ['/api/v1/models', catalogueOfV1],
    ['/api/v0/models', catalogueOfV0],
  ] as const) {
    try {
      const catalogue = parse(await askJson(host, port, path, { ...options, timeoutMs: quickMs }))
      if (catalogue !== null) return catalogue
    } catch (error) {
      if (!(error instanceof RuntimeError) || error.code !== 'model-not-found') throw error
    }
  }
  throw new RuntimeError('unrecognised', '/api/v1/models and /api/v0/models have no list of models')
}

/** A refusal can come with status 200. */
function refuseError(answer: unknown): void {
  if (isRecord(answer) && answer.error !== undefined) {
    throw errorOfAnswer(500, JSON.stringify(answer))
  }
}
