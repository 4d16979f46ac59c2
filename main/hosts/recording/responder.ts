import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Duplex, duplexPair } from 'node:stream'
import { notRecordedHeader } from '../http.ts'
import { createServer } from '../node-http.ts'
import { createSequence, httpKey, type RecordedHttp } from './recording.ts'

export interface HttpQuestion {
  port: number
  method: string
  path: string
  body: string
  /** Aborted when the asker is gone. */
  signal: AbortSignal
}

export interface HttpAnswer {
  status: number
  body: string
}

/** Null: there is no answer on record. */
export type Responder = (question: HttpQuestion) => Promise<HttpAnswer | null> | HttpAnswer | null

/** An HTTP server without a port: streams are handed to it. */
export interface InProcessServer {
  /** A new stream to it. */
  connect(): Duplex
  /** Serves a stream that comes from elsewhere, an SSH channel for example. */
  serve(stream: Duplex): void
  close(): void
}

/** More than any request of ours holds. */
const maxRequestBytes = 1_000_000

export function createInProcessServer(port: number, respond: Responder): InProcessServer {
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy())
  })

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const abort = new AbortController()
    outgoing.on('close', () => abort.abort())
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > maxRequestBytes) {
        outgoing.writeHead(413).end()
        return
      }
      chunks.push(chunk)
    }
    const { method = 'GET', url: path = '/' } = incoming
    const body = Buffer.concat(chunks).toString()
    const found = await respond({ port, method, path, body, signal: abort.signal })
    if (found === null) {
      outgoing.writeHead(501, { [notRecordedHeader]: `${method} ${path}` }).end()
      return
    }
    const type = /^\s*[[{]/.test(found.body) ? 'application/json; charset=utf-8' : 'text/plain'
    outgoing.writeHead(found.status, { 'content-type': type }).end(found.body)
  }

  return {
    connect() {
      const [ours, theirs] = duplexPair()
      // a pair's ends do not hear of each other's destruction
      ours.on('close', () => theirs.destroy())
      theirs.on('close', () => ours.destroy())
      theirs.on('error', () => undefined)
      server.emit('connection', theirs)
      return ours
    },
    serve(stream) {
      server.emit('connection', stream)
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Answers from a recording's exchanges. */
export function createRecordedResponder(
  exchanges: readonly RecordedHttp[],
  options: { isCycling?: boolean } = {},
): Responder {
  const recorded = createSequence(
    exchanges.filter(({ status }) => status !== 0),
    httpKey,
    options,
  )
  return ({ port, method, path, body }) =>
    recorded.next(httpKey({ port, method, path, requestBody: body })) ?? null
}
