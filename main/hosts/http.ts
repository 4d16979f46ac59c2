import type { IncomingMessage } from 'node:http'
import { errorInfo } from '../core/errors.ts'
import { type Host, HostError } from './host.ts'
import { agentOf, HostAgent, type HostRequestArgs } from './http-agent.ts'
import { request } from './node-http.ts'

/** Set by a Host that replays a recording, on its answer to a request that was not recorded. */
export const notRecordedHeader = 'x-studiolo-not-recorded'

export interface HostFetchOptions {
  /** @default 10000 */
  connectTimeoutMs?: number
  /** The longest wait for the first or the next byte of a response; a load can take minutes. @default 600000 */
  silenceTimeoutMs?: number
}

/** A request as `fetch` takes it, without its classes. */
export interface HostRequest {
  /** @default 'GET' */
  method?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
  signal?: AbortSignal
}

/** An answer, whatever its status. */
export interface HostResponse {
  status: number
  statusText: string
  /** Names in lower case; several values of one name are joined with a comma. */
  headers: Readonly<Record<string, string>>
  /**
   * Piece by piece, once; whoever leaves the loop early closes the connection. Null after HEAD and with statuses that have none.
   * Ends with a {@link HostError} where the connection breaks, or with the signal's reason.
   */
  body: AsyncIterable<Uint8Array> | null
  /** The whole body; not beside `body`. */
  text(): Promise<string>
  json(): Promise<unknown>
}

/** As `fetch`, as far as model servers need it. */
export type HostFetch = (address: string, request?: HostRequest) => Promise<HostResponse>

/**
 * `fetch` to a port on the Host's own loopback. Only the path and the query of the address count; the rest is the Host's.
 *
 * Redirects are not followed. Rejects with a {@link HostError}, or with the signal's reason. A GET may use a connection again;
 * anything else gets its own, since nobody can tell whether a request on a connection that the server just closed was carried out.
 *
 * The platform's Request, Response and Headers are not used: the first mention of one makes Node load undici, 12 MB for the day.
 *
 * @example await (await hostFetch(host, 11434)('/api/version')).json() // { version: '0.12.6' }
 */
export function hostFetch(host: Host, port: number, options: HostFetchOptions = {}): HostFetch {
  const base = `http://127.0.0.1:${port}`
  return async (address, { method = 'GET', headers, body, signal } = {}) => {
    const { pathname, search } = new URL(address, base)
    const bytes = Buffer.from(body ?? '')
    const isReusing = method === 'GET' || method === 'HEAD'
    const send = (isRetry: boolean): Promise<HostResponse> =>
      exchange({
        agent: isReusing && !isRetry ? agentOf(host, port) : new HostAgent(host, port, {}),
        method,
        path: pathname + search,
        headers: {
          ...headers,
          host: `127.0.0.1:${port}`,
          ...(bytes.length > 0 && { 'content-length': String(bytes.length) }),
        },
        body: bytes,
        signal,
        connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
        silenceTimeoutMs: options.silenceTimeoutMs ?? 600_000,
      })
    try {
      return await send(false)
    } catch (error) {
      if (error instanceof ClosedWhileIdle) return await send(true)
      throw error
    }
  }
}

interface Exchange {
  agent: HostAgent
  method: string
  path: string
  headers: Record<string, string>
  body: Buffer
  signal: AbortSignal | undefined
  connectTimeoutMs: number
  silenceTimeoutMs: number
}

function exchange({ agent, body, signal, ...rest }: Exchange): Promise<HostResponse> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason)
      return
    }
    const { method, path, headers } = rest
    const options: HostRequestArgs = { agent, method, path, headers }
    if (signal !== undefined) options.connectSignal = signal
    const outgoing = request(options)
    let response: IncomingMessage | null = null
    let isFinished = false
    let silence = waitFor(rest.connectTimeoutMs)

    function waitFor(timeoutMs: number): NodeJS.Timeout {
      const error = new HostError('timeout', errorInfo('timeout', { timeoutMs }))
      const timer = setTimeout(() => giveUp(error), timeoutMs)
      timer.unref()
      return timer
    }
    function giveUp(reason: unknown): void {
      // without a connection `destroy` says nothing until there is one
      reject(reason)
      finish()
      response?.destroy(asError(reason))
      outgoing.destroy(asError(reason))
    }
    function finish(): void {
      isFinished = true
      clearTimeout(silence)
      signal?.removeEventListener('abort', cancel)
    }
    const cancel = () => giveUp(signal?.reason)
    const hear = () => {
      if (isFinished) return
      clearTimeout(silence)
      silence = waitFor(rest.silenceTimeoutMs)
    }
    signal?.addEventListener('abort', cancel, { once: true })

    outgoing.on('socket', hear)
    outgoing.on('error', (error) => {
      finish()
      const isLate = outgoing.reusedSocket && isClosedConnection(error)
      reject(isLate ? new ClosedWhileIdle() : asHostError(error))
    })
    outgoing.on('close', finish)
    outgoing.on('response', (incoming) => {
      response = incoming
      hear()
      const missing = incoming.headers[notRecordedHeader]
      if (missing !== undefined) {
        giveUp(new HostError('unreachable', errorInfo('not-recorded', {}, String(missing))))
        return
      }
      resolve(toResponse(incoming, method, hear))
    })
    outgoing.end(body)
  })
}

function toResponse(incoming: IncomingMessage, method: string, hear: () => void): HostResponse {
  const { statusCode: status = 502, statusMessage: statusText = '', headersDistinct } = incoming
  const headers = Object.fromEntries(
    Object.entries(headersDistinct).map(([name, values]) => [name, values?.join(', ') ?? '']),
  )
  const hasBody = method !== 'HEAD' && ![101, 204, 205, 304].includes(status)
  if (!hasBody) incoming.resume()
  const body = hasBody ? pieces(incoming, hear) : null
  const text = async () => (await textOf(body, Number.POSITIVE_INFINITY)) ?? ''
  return { status, statusText, headers, body, text, json: async () => JSON.parse(await text()) }
}

/** The whole of a body as text, '' where there is none. Null where it is longer; the rest is not read, and its connection closed. */
export async function textOf(body: HostResponse['body'], maxBytes: number): Promise<string | null> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const piece of body ?? []) {
    bytes += piece.byteLength
    if (bytes > maxBytes) return null
    text += decoder.decode(piece, { stream: true })
  }
  return text + decoder.decode()
}

async function* pieces(incoming: IncomingMessage, hear: () => void): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of incoming) {
      hear()
      yield piece
    }
  } catch (error) {
    throw isClosedConnection(asError(error)) ? asHostError(error) : error
  }
}

/** A connection that was kept for reuse turned out to be closed; the server has seen nothing of the request. */
class ClosedWhileIdle extends Error {}

function isClosedConnection(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ECONNRESET' || error.code === 'EPIPE'
}

function asHostError(error: unknown): HostError {
  if (error instanceof HostError) return error
  const detail = asError(error).message
  return new HostError('unreachable', errorInfo('closed-by-host', {}, detail), { cause: error })
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}
