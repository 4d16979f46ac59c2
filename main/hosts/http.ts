import { type IncomingMessage, request } from 'node:http'
import { errorInfo } from '../core/errors.ts'
import { type Host, HostError } from './host.ts'
import { agentOf, HostAgent, type HostRequestArgs } from './http-agent.ts'

/** Set by a Host that replays a recording, on its answer to a request that was not recorded. */
export const notRecordedHeader = 'x-studiolo-not-recorded'

export interface HostFetchOptions {
  /** @default 10000 */
  connectTimeoutMs?: number
  /** The longest wait for the first or the next byte of a response; a load can take minutes. @default 600000 */
  silenceTimeoutMs?: number
}

/**
 * `fetch` to a port on the Host's own loopback. Only the path and the query of the address count; the rest is the Host's.
 *
 * Bodies of responses are streams; redirects are not followed. Rejects with a {@link HostError}, or with the signal's reason.
 * A GET may use a connection again; anything else gets its own, since nobody can tell whether a request on a connection that
 * the server just closed was carried out.
 *
 * @example await (await hostFetch(host, 11434)('/api/version')).json() // { version: '0.12.6' }
 */
export function hostFetch(host: Host, port: number, options: HostFetchOptions = {}): typeof fetch {
  const base = `http://127.0.0.1:${port}`
  return async (input, init) => {
    const asked = new Request(input instanceof Request ? input : new URL(input, base), init)
    const url = new URL(asked.url)
    const body = Buffer.from(await asked.arrayBuffer())
    const headers: Record<string, string> = Object.fromEntries(asked.headers)
    headers.host = `127.0.0.1:${port}`
    if (body.length > 0) headers['content-length'] = String(body.length)
    const isReusing = asked.method === 'GET' || asked.method === 'HEAD'
    const send = (isRetry: boolean): Promise<Response> =>
      exchange({
        agent: isReusing && !isRetry ? agentOf(host, port) : new HostAgent(host, port, {}),
        method: asked.method,
        path: url.pathname + url.search,
        headers,
        body,
        signal: asked.signal,
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
  signal: AbortSignal
  connectTimeoutMs: number
  silenceTimeoutMs: number
}

function exchange({ agent, body, signal, ...rest }: Exchange): Promise<Response> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason)
      return
    }
    const { method, path, headers } = rest
    const options: HostRequestArgs = { agent, method, path, headers, connectSignal: signal }
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
      signal.removeEventListener('abort', cancel)
    }
    const cancel = () => giveUp(signal.reason)
    const hear = () => {
      if (isFinished) return
      clearTimeout(silence)
      silence = waitFor(rest.silenceTimeoutMs)
    }
    signal.addEventListener('abort', cancel, { once: true })

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

function toResponse(incoming: IncomingMessage, method: string, hear: () => void): Response {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headersDistinct)) {
    for (const one of value ?? []) headers.append(name, one)
  }
  const status = incoming.statusCode ?? 502
  const hasBody = method !== 'HEAD' && ![101, 204, 205, 304].includes(status)
  if (!hasBody) incoming.resume()
  const body = hasBody ? toWebStream(incoming, hear) : null
  return new Response(body, { status, statusText: incoming.statusMessage ?? '', headers })
}

function toWebStream(
  incoming: IncomingMessage,
  hear: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = incoming[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      try {
        const next = await chunks.next()
        hear()
        if (next.done === true) controller.close()
        else controller.enqueue(new Uint8Array(next.value))
      } catch (error) {
        throw isClosedConnection(asError(error)) ? asHostError(error) : error
      }
    },
    cancel() {
      incoming.destroy()
    },
  })
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
