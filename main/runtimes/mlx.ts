import type { LoadedModel, Model } from '../../preload/contract/models.ts'
import { ask, type HttpAnswer, isNobodyThere } from './ask.ts'
import { isRecord, quantisationInName, recordsOrNull, textOrNull } from './fields.ts'
import { type Runtime, RuntimeError } from './runtime.ts'

const quickMs = 5_000

/**
 * `mlx_lm.server` of Apple's mlx-lm. It has no load and no unload: a request's `model` decides what is in memory, one at a
 * time. `/v1/models` lists what was downloaded, not what is loaded, and breaks off without an answer where the Hugging
 * Face folder is missing; `/health` still answers then. Source: ml-explore/mlx-lm mlx_lm/server.py.
 */
export const mlx: Runtime = {
  id: 'mlx',
  name: 'MLX',
  ports: [8080],
  processNames: ['mlx_lm.server'],
  isLoadedPartial: true,

  processIdOf: ({ instanceId }) => Number(instanceId),

  async detect(host, options = {}) {
    for (const port of mlx.ports) {
      try {
        const quick = { ...options, timeoutMs: quickMs }
        if (isMlx(await ask(host, port, '/health', quick))) return { port, version: null }
      } catch (error) {
        if (!isNobodyThere(error)) throw error
      }
    }
    return null
  },

  async models(host, port, options = {}) {
    const answer = await ask(host, port, '/v1/models', { ...options, timeoutMs: quickMs })
    const models = modelsOfList(answer.text)
    if (models !== null) return models
    throw new RuntimeError('unrecognised', '/v1/models has no list of models')
  },

  async loaded(host, _port, options = {}) {
    const args = ['-A', '-o', 'pid=,command='] as const
    const { stdout } = await host.run(['ps', ...args], { ...options, timeoutMs: quickMs })
    return loadedOfProcesses(stdout)
  },
}

/**
 * `/health` of Python's http.server with the body `{"status":"ok"}`: llama-server sends the same body, but says
 * `Server: llama.cpp`.
 */
export function isMlx(answer: HttpAnswer): boolean {
  if (answer.serverName?.startsWith('BaseHTTP/') !== true) return false
  try {
    const health: unknown = JSON.parse(answer.text)
    return isRecord(health) && (health.status === 'ok' || health.status === 'unavailable')
  } catch {
    return false
  }
}

/**
 * The models of `GET /v1/models`; null where the text is none of its answers.
 *
 * `{"object":"list","data":[{"id":"mlx-community/Qwen3-8B-4bit","object":"model","created":1750000000}]}`
 */
export function modelsOfList(text: string): Model[] | null {
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    return null
  }
  const entries = isRecord(answer) ? recordsOrNull(answer.data) : null
  if (entries === null) return null
  return entries.flatMap((entry) => {
    const id = textOrNull(entry.id)
    if (id === null) return []
    return [
      {
        id,
        name: id.startsWith('/') ? (id.split('/').at(-1) ?? id) : id,
        sizeBytes: null,
        format: 'mlx',
        family: null,
        parameters: null,
        quantisation: quantisationInName(id),
        contextTokens: null,
        isRemote: false,
      },
    ]
  })
}

/**
 * The model that the server was started with, from `ps -A -o pid=,command=`: the only place that tells. A request for
 * another model replaces it, and a server started without `--model` tells nothing; so this is the best answer there is,
 * not a sure one. The instance is the process.
 *
 * `  811 /opt/homebrew/bin/python3.12 /opt/homebrew/bin/mlx_lm.server --model mlx-community/Qwen3-8B-4bit --port 8080`
 */
export function loadedOfProcesses(text: string): LoadedModel[] {
  for (const line of text.split('\n')) {
    if (!/(?:mlx_lm\.server|mlx_lm server)(?:\s|$)/.test(line)) continue
    const modelId = /\s--model[\s=](\S+)/.exec(line)?.[1]
    const processId = /^\s*(\d+)\s/.exec(line)?.[1]
    if (modelId === undefined || processId === undefined) continue
    return [
      {
        modelId,
        instanceId: processId,
        sizeBytes: null,
        gpuBytes: null,
        contextTokens: null,
        expiresAt: null,
        isKept: true,
        isBusy: null,
      },
    ]
  }
  return []
}
