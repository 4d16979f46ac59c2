import { type Host, HostError } from '../hosts/host.ts'
import { type HostRequest, type HostResponse, hostFetch, textOf } from '../hosts/http.ts'
import { isRecord, textOrNull } from './fields.ts'
import { type CallOptions, RuntimeError } from './runtime.ts'

/** What a server said, whole: status, its `Server` header and the body as text. */
export interface HttpAnswer {
  status: number
  serverName: string | null
  text: string
}

export interface AskOptions extends CallOptions {
  timeoutMs: number
  method?: 'GET' | 'POST'
  /** Sent as JSON. */
  body?: unknown
}

/** Longer answers are refused: the longest true one, a list of two thousand models, has 1 to 2 MB. JSON of 16 MB can take a second to read. */
const maxAnswerBytes = 4_000_000

/** One request, answered whatever its status. Rejects with a {@link RuntimeError}, or with the Host's own {@link HostError}. */
export async function ask(
  host: Host,
  port: number,
  path: string,
  options: AskOptions,
): Promise<HttpAnswer> {
  return limited(options, async (signal) => {
    const response = await hostFetch(host, port)(`http://127.0.0.1:${port}${path}`, {
      method: options.method ?? 'GET',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      signal,
    })
    return {
      status: response.status,
      serverName: response.headers.server ?? null,
      text: await readText(response),
    }
  })
}

/** One request whose answer is JSON; any other status than 2xx rejects, see {@link errorOfAnswer}. */
export async function askJson(
  host: Host,
  port: number,
  path: string,
  options: AskOptions,
): Promise<unknown> {
  return jsonOf(await ask(host, port, path, options))
}

/** What a server said in JSON, or the rejection that says why it did not. */
function jsonOf({ status, text }: Pick<HttpAnswer, 'status' | 'text'>): unknown {
  if (status < 200 || status > 299) throw errorOfAnswer(status, text)
  return parseJson(text)
}

/**
 * A `fetch` for a client library, for the length of one call: through the Host, with one time-out for everything in it.
 * Errors are thrown here, before the library sees them, since libraries print what they cannot read.
 */
export async function withFetch<T>(
  host: Host,
  port: number,
  options: CallOptions & { timeoutMs: number },
  use: (fetch: typeof globalThis.fetch) => Promise<T>,
): Promise<T> {
  return limited(options, async (signal) => {
    const fetchJson = async (address: string, request?: HostRequest) => {
      const response = await hostFetch(host, port)(address, { ...request, signal })
      const value = jsonOf({ status: response.status, text: await readText(response) })
      return { ok: true, status: response.status, json: async () => value }
    }
    // ollama uses no more of an answer that is well and whole
    return use(fetchJson as unknown as typeof globalThis.fetch)
  })
}

/** The parsed text, or the rejection that says what was there instead. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new RuntimeError('unrecognised', `not JSON: ${excerpt(text)}`, { cause: error })
  }
}

/** Words of servers that ran out of memory while loading: Ollama's own list, Metal's, LM Studio's guard. */
const outOfMemoryWords = [
  'out of memory',
  'outofmemory',
  'failed to allocate',
  'allocation failed',
  'not enough memory',
  'insufficient memory',
  'insufficient system resources',
  'requires more system memory',
]

/**
 * Says in our words why a server refused. Servers answer 500 for most failures, so memory is read from the text.
 *
 * `500 {"error":"model requires more system memory (8.4 GiB) than is available (2.1 GiB)"}` → `out-of-memory`
 */
export function errorOfAnswer(status: number, text: string): RuntimeError {
  const detail = errorText(text) ?? `HTTP ${status}: ${excerpt(text)}`
  const words = detail.toLowerCase()
  if (outOfMemoryWords.some((word) => words.includes(word))) {
    return new RuntimeError('out-of-memory', detail)
  }
  if (status === 401 || status === 403) return new RuntimeError('not-permitted', detail)
  if (status === 404) return new RuntimeError('model-not-found', detail)
  // 499: the server saw its client leave (Ollama)
  if (status === 499) return new RuntimeError('cancelled', detail)
  if (status === 429 || status === 503) return new RuntimeError('server-busy', detail)
  return new RuntimeError('server-error', detail)
}

/** The sentence of `{"error":"…"}`, `{"error":{"message":"…"}}` or `{"message":"…"}`. */
function errorText(text: string): string | null {
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    return null
  }
  if (!isRecord(answer)) return null
  const error = answer.error
  const said = isRecord(error) ? error.message : (error ?? answer.message)
  const words = textOrNull(said)
  return words === null ? null : excerpt(words)
}

/**
 * For `detect`: the port is closed, or what answers there is something else. A time-out, a lost Host or a demand for a
 * token is neither.
 */
export function isNobodyThere(error: unknown): boolean {
  return (
    error instanceof RuntimeError &&
    ['not-running', 'unrecognised', 'model-not-found', 'server-error'].includes(error.code)
  )
}

/** What a parser made of an answer, or the rejection that names what was asked. */
export function recognised<T>(parsed: T | null, path: string): T {
  if (parsed === null) throw new RuntimeError('unrecognised', `${path} has no list of models`)
  return parsed
}

/** At most 300 characters, for a detail. */
export function excerpt(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}

async function readText({ body }: HostResponse): Promise<string> {
  const text = await textOf(body, maxAnswerBytes)
  if (text !== null) return text
  throw new RuntimeError('unrecognised', `the answer is longer than ${maxAnswerBytes} bytes`)
}

/** Runs under a time-out and the caller's signal, and turns whatever goes wrong into one of the two errors we promise. */
async function limited<T>(
  options: CallOptions & { timeoutMs: number },
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeout = AbortSignal.timeout(options.timeoutMs)
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout])
  try {
    return await run(signal)
  } catch (error) {
    if (options.signal?.aborted === true) {
      throw new RuntimeError('cancelled', 'given up by the caller', { cause: error })
    }
    if (timeout.aborted) {
      throw new RuntimeError('timeout', `no answer within ${options.timeoutMs} ms`, {
        cause: error,
      })
    }
    throw asKnownError(error)
  }
}

function asKnownError(error: unknown): RuntimeError | HostError {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof RuntimeError) return at
    if (at instanceof HostError) {
      if (at.info.code === 'refused') {
        return new RuntimeError('not-running', 'the port is closed', { cause: error })
      }
      // the port is open, but what is behind it hung up or speaks no HTTP
      if (at.info.code === 'closed-by-host') {
        return new RuntimeError('unrecognised', at.message, { cause: error })
      }
      if (at.kind === 'timeout' || at.kind === 'cancelled') {
        return new RuntimeError(at.kind, at.message, { cause: error })
      }
      return at
    }
  }
  const words = error instanceof Error ? error.message : String(error)
  return new RuntimeError('unrecognised', excerpt(words), { cause: error })
}
