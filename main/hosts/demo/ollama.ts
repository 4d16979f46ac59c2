import * as z from 'zod'
import type { Clock } from '../../core/ports.ts'
import type { Recording } from '../recording/recording.ts'
import type { HttpAnswer, HttpQuestion, Responder } from '../recording/responder.ts'

/** A model that takes memory now, and how much of it. */
export interface HeldModel {
  name: string
  bytes: number
}

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

/** A fast SSD, and not so fast that nobody sees it. */
const loadBytesPerMs = 14_000_000
const loadMs = { min: 2_500, max: 20_000 }
const unloadMs = 700
/** Ollama's default. */
const keepAliveMs = 5 * 60_000
/** How Ollama writes "for ever". */
const forEver = '2319-03-02T17:47:16.854775Z'
/** What a model takes beyond its weights, where the recording does not tell: KV cache and compute buffers. */
const overheadRatio = 1.06
const contextTokens = 32_768

interface Running {
  name: string
  sizeBytes: number
  loadsFrom: number
  loadsUntil: number
  /** Null: kept until somebody unloads it. */
  expiresAt: number | null
  /** Null: nobody asked for its unload. */
  endsFrom: number | null
}

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
  const running = new Map<string, Running>()
  for (const { name, size, expires_at } of recordedPs) {
    const expiry = Date.parse(expires_at)
    const isKept = new Date(expiry).getUTCFullYear() > 2200
    running.set(name, {
      name,
      sizeBytes: size,
      loadsFrom: 0,
      loadsUntil: 0,
      expiresAt: isKept ? null : expiry,
      endsFrom: null,
    })
  }

  /** Lets time pass: what expired ends, what ended is gone. */
  function settle(): number {
    const now = clock.now()
    for (const one of running.values()) {
      if (one.endsFrom === null && one.expiresAt !== null && one.expiresAt <= now) {
        one.endsFrom = one.expiresAt
      }
      if (one.endsFrom !== null && one.endsFrom + unloadMs <= now) running.delete(one.name)
    }
    return now
  }

  function heldBytes(one: Running, now: number): number {
    const loading = one.loadsUntil - one.loadsFrom
    const until = one.endsFrom ?? now
    const loaded = loading === 0 ? 1 : Math.min(1, Math.max(0, (until - one.loadsFrom) / loading))
    const left = one.endsFrom === null ? 1 : Math.max(0, 1 - (now - one.endsFrom) / unloadMs)
    return Math.round(one.sizeBytes * loaded * left)
  }

  function sizeOf(name: string): number | null {
    const known = recordedPs.find((one) => one.name === name)
    if (known !== undefined) return known.size
    const entry = tags.find((one) => one.name === name)
    return entry === undefined ? null : Math.round(entry.size * overheadRatio)
  }

  /** Makes room as Ollama does: the model that would end first goes first. */
  function makeRoom(sizeBytes: number, now: number): void {
    const others = [...running.values()]
      .filter(({ endsFrom }) => endsFrom === null)
      .sort((a, b) => compare(endOf(a), endOf(b)))
    let taken = others.reduce((sum, one) => sum + one.sizeBytes, 0)
    for (const one of others) {
      if (taken + sizeBytes <= limitBytes) return
      taken -= one.sizeBytes
      one.endsFrom = now
    }
  }

  /** Until it is loaded; false where the asker left, or the load was ended. */
  async function load(
    name: string,
    sizeBytes: number,
    keepMs: number | null,
    signal: AbortSignal,
  ): Promise<boolean> {
    const now = settle()
    let one = running.get(name)
    if (one === undefined || one.endsFrom !== null) {
      makeRoom(sizeBytes, now)
      const takesMs = Math.min(loadMs.max, Math.max(loadMs.min, sizeBytes / loadBytesPerMs))
      one = {
        name,
        sizeBytes,
        loadsFrom: now,
        loadsUntil: now + takesMs,
        expiresAt: null,
        endsFrom: null,
      }
      running.set(name, one)
    }
    // the timer begins with the end of the load, whether or not the asker is still there
    one.expiresAt = keepMs === null ? null : Math.max(now, one.loadsUntil) + keepMs
    await waitUntil(clock, () => one.endsFrom !== null || clock.now() >= one.loadsUntil, signal)
    return !signal.aborted && one.endsFrom === null
  }

  async function ps(signal: AbortSignal): Promise<HttpAnswer> {
    // like the real one, which waits for a load in progress
    const isLoading = () =>
      [...running.values()].some(
        ({ loadsUntil, endsFrom }) => endsFrom === null && loadsUntil > clock.now(),
      )
    await waitUntil(clock, () => !isLoading(), signal)
    settle()
    const models = [...running.values()]
      .sort((a, b) => compare(endOf(b), endOf(a)))
      .map(({ name, sizeBytes, expiresAt, endsFrom }) => {
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
    const now = settle()
    if (keepMs === 0 && prompt === '' && messages.length === 0) {
      const one = running.get(model)
      if (one !== undefined) one.endsFrom ??= now
      return done('unload')
    }
    if (sizeBytes > limitBytes) {
      const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`
      const error = `model requires more system memory (${gib(sizeBytes)}) than is available (${gib(limitBytes)})`
      return json(500, { error })
    }
    const isLoaded = await load(model, sizeBytes, keepMs, question.signal)
    return isLoaded ? done('load') : json(499, { error: 'request cancelled' })
  }

  return {
    port: tagsExchange.port,
    recordedBytes: recordedPs.reduce((sum, { size }) => sum + size, 0),
    held() {
      const now = settle()
      return [...running.values()].map((one) => ({ name: one.name, bytes: heldBytes(one, now) }))
    },
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

function endOf({ expiresAt }: Running): number {
  return expiresAt ?? Number.POSITIVE_INFINITY
}

function compare(one: number, other: number): number {
  return one === other ? 0 : one - other
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

const lookEveryMs = 100

/** Resolves when the condition holds or nobody waits any more. */
function waitUntil(clock: Clock, holds: () => boolean, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (holds() || signal.aborted) resolve()
      else clock.after(lookEveryMs, look)
    }
    look()
  })
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
