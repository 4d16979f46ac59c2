import * as z from 'zod'
import type { Clock } from '../../core/ports.ts'
import type { Recording } from '../recording/recording.ts'
import type { HttpAnswer, HttpQuestion, Responder } from '../recording/responder.ts'
import { createLoadedModels, type HeldModel } from './loaded-models.ts'

/** An Ollama that is not there: models load and unload by the clock, as its HTTP interface would tell. */
export interface DemoOllama {
  port: number
  respond: Responder
  /** What the models of the recording took when it was made. */
  recordedBytes: number
  held(): HeldModel[]
}

const entrySchema = z.looseObject({ name: z.string(), size: z.number() })
const listSchema = z.object({ models: z.array(entrySchema) })
const psEntrySchema = z.looseObject({ name: z.string(), size: z.number(), expires_at: z.string() })
const psSchema = z.object({ models: z.array(psEntrySchema) })
const requestSchema = z.looseObject({
  model: z.string(),
  prompt: z.string().optional(),
  messages: z.array(z.unknown()).optional(),
  keep_alive: z.union([z.number(), z.string()]).optional(),
})

/** Ollama's default. */
const keepAliveMs = 5 * 60_000
/** How Ollama writes "for ever". */
const forEver = '2319-03-02T17:47:16.854775Z'
/** What a model takes beyond its weights, where the recording does not tell: KV cache and compute buffers. */
const overheadRatio = 1.06
const contextTokens = 32_768

export function createDemoOllama(
  recording: Recording,
  { clock, limitBytes, fallback }: { clock: Clock; limitBytes: number; fallback: Responder },
): DemoOllama | null {
  const bodyOf = (path: string) =>
    recording.http.find((one) => one.path === path && one.status === 200)
  const tagsExchange = bodyOf('/api/tags')
  const psExchange = bodyOf('/api/ps')
  if (tagsExchange === undefined || psExchange === undefined) return null
  const tags = listSchema.parse(JSON.parse(tagsExchange.body)).models
  const recordedPs = psSchema.parse(JSON.parse(psExchange.body)).models
  const recordedModels = recordedPs.map(({ name, size, expires_at }) => {
    const expiry = Date.parse(expires_at)
    const isKept = new Date(expiry).getUTCFullYear() > 2200
    return { name, sizeBytes: size, expiresAt: isKept ? null : expiry }
  })
  const loaded = createLoadedModels(recordedModels, { clock, limitBytes })

  function sizeOf(name: string): number | null {
    const known = recordedPs.find((one) => one.name === name)
    if (known !== undefined) return known.size
    const entry = tags.find((one) => one.name === name)
    return entry === undefined ? null : Math.round(entry.size * overheadRatio)
  }

  async function ps(signal: AbortSignal): Promise<HttpAnswer> {
    // like the real one, which waits for a load in progress
    await loaded.untilLoaded(signal)
    const models = loaded.list().map(({ name, sizeBytes, expiresAt, endsFrom }) => {
      const ends = endsFrom ?? expiresAt
      const known = recordedPs.find((one) => one.name === name)
      const entry = known ?? tags.find((one) => one.name === name)
      return {
        context_length: contextTokens,
        ...entry,
        modified_at: undefined,
        size: sizeBytes,
        size_vram: sizeBytes,
        expires_at: ends === null ? forEver : new Date(ends).toISOString(),
      }
    })
    return json(200, { models })
  }

  async function generate(question: HttpQuestion): Promise<HttpAnswer> {
    const parsed = requestSchema.safeParse(parseJson(question.body))
    if (!parsed.success) return json(400, { error: 'missing request body' })
    const { prompt = '', messages = [], keep_alive } = parsed.data
    const model = parsed.data.model.includes(':')
      ? parsed.data.model
      : `${parsed.data.model}:latest`
    const sizeBytes = sizeOf(model)
    if (sizeBytes === null) return json(404, { error: `model '${model}' not found` })
    const keepMs = keepAlive(keep_alive)
    const done = (reason: string) =>
      json(200, {
        model,
        created_at: new Date(clock.now()).toISOString(),
        response: '',
        done: true,
        done_reason: reason,
      })
    if (keepMs === 0 && prompt === '' && messages.length === 0) {
      loaded.unload(model)
      return done('unload')
    }
    if (sizeBytes > limitBytes) {
      const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`
      const error = `model requires more system memory (${gib(sizeBytes)}) than is available (${gib(limitBytes)})`
      return json(500, { error })
    }
    const isLoaded = await loaded.load(model, sizeBytes, keepMs, question.signal)
    return isLoaded ? done('load') : json(499, { error: 'request cancelled' })
  }

  return {
    port: tagsExchange.port,
    recordedBytes: recordedPs.reduce((sum, { size }) => sum + size, 0),
    held: loaded.held,
    respond(question) {
      const { method, path, signal } = question
      switch (`${method} ${path}`) {
        case 'GET /api/ps':
          return ps(signal)
        case 'POST /api/generate':
        case 'POST /api/chat':
        case 'POST /api/embed':
          return generate(question)
        default:
          return fallback(question)
      }
    },
  }
}

/** Milliseconds, null for ever. `"10m"`, `"1h30m"`, seconds as a number; negative is for ever. */
export function keepAlive(value: number | string | undefined): number | null {
  if (value === undefined) return keepAliveMs
  const ms = typeof value === 'number' ? value * 1000 : durationMs(value)
  if (ms === null) return keepAliveMs
  return ms < 0 ? null : ms
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

function durationMs(text: string): number | null {
  const match = /^(-?)((?:\d+(?:\.\d+)?(?:ms|s|m|h))+)$/.exec(text)
  if (match === null) return /^-?\d+$/.test(text) ? Number(text) * 1000 : null
  const parts = [...(match[2] ?? '').matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)]
  const sum = parts.reduce(
    (ms, [, count, unit]) => ms + Number(count) * (unitMs[unit ?? ''] ?? 0),
    0,
  )
  return match[1] === '-' ? -sum : sum
}

function json(status: number, body: unknown): HttpAnswer {
  return { status, body: JSON.stringify(body) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
