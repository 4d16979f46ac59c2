import { Ollama } from 'ollama/browser'
import type { LoadedModel, Model } from '../../preload/contract/models.ts'
import type { Host } from '../hosts/host.ts'
import { askJson, isNobodyThere, recognised, withFetch } from './ask.ts'
import { countOrNull, countOrZero, isRecord, recordsOrNull, textOrNull } from './fields.ts'
import { type CallOptions, type Runtime, RuntimeError } from './runtime.ts'

const quickMs = 5_000
/** The server gives a load up by itself after five minutes without progress; a large model on a slow disk makes progress for longer. */
const loadMs = 30 * 60_000
/** How long one caller waits for the list of loaded models; the poll itself goes on, see {@link pollLoaded}. */
const loadedWaitMs = 4_000
const pollMs = 60_000

/**
 * Ollama, by its HTTP interface.
 *
 * `/api/generate` is for loading and unloading only, never for looking: without `keep_alive` it resets a model's timer, and
 * it loads what is not there. `/api/ps` waits for a load in progress (newer servers), so it says nothing about whether
 * the server lives; `/api/version` does. Both as of ollama/ollama server/routes.go and server/sched.go.
 */
export const ollama: Runtime = {
  id: 'ollama',
  name: 'Ollama',
  ports: [11434],
  // newer versions run models in llama-server children, others in a second ollama process
  processNames: ['ollama', 'llama-server'],

  async detect(host, options = {}) {
    for (const port of ollama.ports) {
      try {
        const answer = await askJson(host, port, '/api/version', { ...options, timeoutMs: quickMs })
        const version = isRecord(answer) ? textOrNull(answer.version) : null
        if (version !== null) return { port, version }
      } catch (error) {
        if (!isNobodyThere(error)) throw error
      }
    }
    return null
  },

  async models(host, port, options = {}) {
    const answer = await withFetch(host, port, { ...options, timeoutMs: quickMs }, (fetch) =>
      client(port, fetch).list(),
    )
    return recognised(modelsOfTags(answer), '/api/tags')
  },

  async loaded(host, port, options = {}) {
    return giveUpAfter(pollLoaded(host, port), loadedWaitMs, options)
  },

  async load(host, port, modelId, options = {}) {
    const patient = { ...options, timeoutMs: loadMs }
    try {
      await withFetch(host, port, patient, (fetch) =>
        client(port, fetch).generate({ model: modelId, prompt: '', stream: false }),
      )
    } catch (error) {
      if (!isEmbeddingModel(error)) throw error
      await withFetch(host, port, patient, (fetch) =>
        client(port, fetch).embed({ model: modelId, input: [] }),
      )
    }
  },

  async unload(host, port, modelId, options = {}) {
    await withFetch(host, port, { ...options, timeoutMs: pollMs }, (fetch) =>
      client(port, fetch).generate({ model: modelId, prompt: '', keep_alive: 0, stream: false }),
    )
  },
}

/**
 * The models of `GET /api/tags`; null where that is not its answer.
 *
 * `{"models":[{"name":"qwen2.5:7b","size":4683087332,"details":{"format":"gguf","family":"qwen2","parameter_size":"7.6B",
 * "quantization_level":"Q4_K_M"}}]}`. One with `remote_host` runs on that host; its `size` is that of a stub.
 */
export function modelsOfTags(answer: unknown): Model[] | null {
  const entries = isRecord(answer) ? recordsOrNull(answer.models) : null
  if (entries === null) return null
  return entries.flatMap((entry) => {
    const id = textOrNull(entry.model) ?? textOrNull(entry.name)
    if (id === null) return []
    const details = isRecord(entry.details) ? entry.details : {}
    const isRemote = textOrNull(entry.remote_host) !== null
    return [
      {
        id,
        name: textOrNull(entry.name) ?? id,
        sizeBytes: isRemote ? null : countOrNull(entry.size),
        format: textOrNull(details.format),
        family: textOrNull(details.family),
        parameters: textOrNull(details.parameter_size),
        quantisation: textOrNull(details.quantization_level),
        contextTokens: null,
        isRemote,
      },
    ]
  })
}

/**
 * The models of `GET /api/ps`; null where that is not its answer. Older servers do not tell `context_length`.
 *
 * `{"models":[{"name":"qwen2.5:0.5b","size":928755219,"size_vram":928755219,"context_length":32768,
 * "expires_at":"2026-06-28T07:22:51.358551-04:00"}]}`. "For ever" is written as a year after 2300.
 */
export function loadedOfPs(answer: unknown): LoadedModel[] | null {
  const entries = isRecord(answer) ? recordsOrNull(answer.models) : null
  if (entries === null) return null
  return entries.flatMap((entry) => {
    const modelId = textOrNull(entry.model) ?? textOrNull(entry.name)
    if (modelId === null || textOrNull(entry.remote_host) !== null) return []
    const expiry = new Date(textOrNull(entry.expires_at) ?? Number.NaN)
    // NaN compares as false with everything; year 1 is how Go writes "no time"
    const isKept = expiry.getUTCFullYear() > 2200
    const isTold = !isKept && expiry.getUTCFullYear() > 1970
    return [
      {
        modelId,
        instanceId: modelId,
        sizeBytes: countOrNull(entry.size),
        gpuBytes: countOrZero(entry.size_vram),
        contextTokens: countOrNull(entry.context_length),
        expiresAt: isTold ? expiry.toISOString() : null,
        isKept,
        isBusy: null,
      },
    ]
  })
}

const polls = new WeakMap<Host, Map<number, Promise<LoadedModel[]>>>()

/**
 * Asks for the loaded models, one request at a time per server: while a load makes the server wait, callers come and
 * go, but they share one open request instead of adding one each second.
 */
function pollLoaded(host: Host, port: number): Promise<LoadedModel[]> {
  const ofHost = polls.get(host) ?? new Map<number, Promise<LoadedModel[]>>()
  polls.set(host, ofHost)
  const running = ofHost.get(port)
  if (running !== undefined) return running
  const poll = withFetch(host, port, { timeoutMs: pollMs }, (fetch) => client(port, fetch).ps())
    .then((answer) => recognised(loadedOfPs(answer), '/api/ps'))
    .finally(() => ofHost.delete(port))
  // whoever waits hears of a failure; with nobody left to wait it must not end the process
  poll.catch(() => {})
  ofHost.set(port, poll)
  return poll
}

/** The result of something shared, for a caller who waits so long and no longer. */
async function giveUpAfter<T>(
  result: Promise<T>,
  timeoutMs: number,
  { signal }: CallOptions,
): Promise<T> {
  const { promise: end, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new RuntimeError('timeout', `no answer within ${timeoutMs} ms`)),
    timeoutMs,
  )
  const cancel = () => reject(new RuntimeError('cancelled', 'given up by the caller'))
  if (signal?.aborted === true) cancel()
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    return await Promise.race([result, end])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', cancel)
  }
}

function client(port: number, fetch: typeof globalThis.fetch): Ollama {
  return new Ollama({ host: `http://127.0.0.1:${port}`, fetch })
}

/** `400 {"error":"\"nomic-embed-text\" does not support generate"}`: such a model loads with an empty list to embed. */
function isEmbeddingModel(error: unknown): boolean {
  return error instanceof RuntimeError && error.message.includes('does not support generate')
}
