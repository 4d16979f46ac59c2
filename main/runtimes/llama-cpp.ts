import type { LoadedModel, Model } from '../../preload/contract/models.ts'
import type { Host } from '../hosts/host.ts'
import { ask, askJson, type HttpAnswer, recognised } from './ask.ts'
import { countOrNull, isRecord, quantisationInName, recordsOrNull, textOrNull } from './fields.ts'
import { type CallOptions, type Runtime, RuntimeError } from './runtime.ts'

const quickMs = 5_000
const loadMs = 30 * 60_000

/**
 * llama.cpp's `llama-server`: as a router (several models, load and unload) or with one fixed model (neither).
 *
 * Its default port moves from 8080 to 9931. mlx_lm.server sits on 8080 as well: `/props` and the `Server` header tell
 * them apart. A `/props?model=` without `autoload=false` would load that model, so it is never asked.
 * Source: ggml-org/llama.cpp tools/server.
 */
export const llamaCpp: Runtime = {
  id: 'llama-cpp',
  name: 'llama.cpp',
  ports: [9931, 8080],
  processNames: ['llama-server'],

  async detect(host, options = {}) {
    for (const port of llamaCpp.ports) {
      const answer = await answerOrNull(host, port, options)
      const server = answer === null ? null : serverOfProps(answer)
      if (server === null) continue
      return { port, version: server.version, ...(server.isRouter ? {} : { actions: [] }) }
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
    const before = await askCatalogue(host, port, options)
    if (before.status(modelId) === 'loaded') return
    await askJson(host, port, '/models/load', {
      ...options,
      method: 'POST',
      body: { model: modelId },
      timeoutMs: quickMs,
    })
    await untilLoaded(host, port, modelId, options)
  },

  async unload(host, port, modelId, options = {}) {
    const { status } = await askCatalogue(host, port, options)
    // asked to unload what does not run, the server answers 400
    if (status(modelId) === 'unloaded') return
    await askJson(host, port, '/models/unload', {
      ...options,
      method: 'POST',
      body: { model: modelId },
      timeoutMs: quickMs,
    })
  },
}

interface Server {
  isRouter: boolean
  version: string | null
}

/**
 * Is it llama-server, and of which kind? From the answer of `GET /props`; null where it is something else.
 *
 * - `200 {"role":"router","max_instances":4,…,"build_info":"b7412-1a2b3c4"}`
 * - `200 {"default_generation_settings":{…},"total_slots":4,"model_path":"…","build_info":"b7412-1a2b3c4"}`
 * - `503 {"error":{"message":"Loading model","type":"unavailable_error","code":503}}`
 * - `401` with an API key set
 */
export function serverOfProps(answer: HttpAnswer): Server | null {
  let props: unknown
  try {
    props = JSON.parse(answer.text)
  } catch {
    return null
  }
  if (!isRecord(props)) return null
  const isNamed = answer.serverName === 'llama.cpp'
  if (answer.status === 200) {
    if (!isNamed && !isRecord(props.default_generation_settings)) return null
    return { isRouter: props.role === 'router', version: textOrNull(props.build_info) }
  }
  return isNamed ? { isRouter: false, version: null } : null
}

interface Catalogue {
  models: Model[]
  loaded: LoadedModel[]
  /** Of a router: `unloaded`, `loading`, `loaded`, `sleeping`, `downloading` or `failed`; null for a model it does not list. */
  status(modelId: string): string | null
}

/**
 * The answer of `GET /models`; null where it is none. A server with one model has no `status`: its model is loaded.
 *
 * - router: `{"data":[{"id":"big","owned_by":"llamacpp","status":{"value":"unloaded","failed":true,"exit_code":1}}]}`
 * - one model: `{"data":[{"id":"qwen3-8b-Q4_K_M.gguf","owned_by":"llamacpp","meta":{"n_ctx":4096,"n_ctx_train":40960,
 *   "n_params":8190735360,"size":5027784704}}]}`
 */
export function catalogueOfModels(answer: unknown): Catalogue | null {
  const entries = isRecord(answer) ? recordsOrNull(answer.data) : null
  if (entries === null) return null
  const models: Model[] = []
  const loaded: LoadedModel[] = []
  const statuses = new Map<string, string>()
  for (const entry of entries) {
    const id = textOrNull(entry.id)
    if (id === null) continue
    const meta = isRecord(entry.meta) ? entry.meta : {}
    const said = isRecord(entry.status) ? entry.status : { value: 'loaded' }
    const status = said.failed === true ? 'failed' : (textOrNull(said.value) ?? 'unloaded')
    const sizeBytes = countOrNull(meta.size)
    statuses.set(id, status)
    models.push({
      id,
      name: id,
      sizeBytes,
      format: 'gguf',
      family: null,
      parameters: null,
      quantisation: quantisationInName(id),
      contextTokens: countOrNull(meta.n_ctx_train),
      isRemote: false,
    })
    // asleep, its process stays but the model has left the memory
    if (status !== 'loaded') continue
    loaded.push({
      modelId: id,
      instanceId: id,
      sizeBytes,
      gpuBytes: null,
      contextTokens: countOrNull(meta.n_ctx),
      expiresAt: null,
      isKept: !isRecord(entry.status),
      isBusy: null,
    })
  }
  return { models, loaded, status: (modelId) => statuses.get(modelId) ?? null }
}

/** `/models/load` answers at once; the model's status says how it went. */
async function untilLoaded(
  host: Host,
  port: number,
  modelId: string,
  { signal }: CallOptions,
): Promise<void> {
  const end = AbortSignal.timeout(loadMs)
  const options = { signal: signal === undefined ? end : AbortSignal.any([signal, end]) }
  for (;;) {
    const { status } = await askCatalogue(host, port, options)
    const now = status(modelId)
    if (now === 'loaded') return
    if (now === 'failed') throw new RuntimeError('server-error', `${modelId} failed to start`)
    if (now === null) throw new RuntimeError('model-not-found', modelId)
    if (now === 'unloaded') throw new RuntimeError('cancelled', `${modelId} was unloaded`)
    await pause(500, options.signal)
  }
}

function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = () => {
      clearTimeout(timer)
      reject(new RuntimeError('cancelled', 'given up by the caller'))
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', cancel)
      resolve()
    }, delayMs)
    if (signal.aborted) cancel()
    else signal.addEventListener('abort', cancel, { once: true })
  })
}

async function askCatalogue(host: Host, port: number, options: CallOptions): Promise<Catalogue> {
  const answer = await askJson(host, port, '/models', { ...options, timeoutMs: quickMs })
  return recognised(catalogueOfModels(answer), '/models')
}

async function answerOrNull(
  host: Host,
  port: number,
  options: CallOptions,
): Promise<HttpAnswer | null> {
  try {
    return await ask(host, port, '/props', { ...options, timeoutMs: quickMs })
  } catch (error) {
    if (error instanceof RuntimeError && ['not-running', 'unrecognised'].includes(error.code)) {
      return null
    }
    throw error
  }
}
