import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as a fake model server saw it: `POST /api/generate` with its JSON body. */
export interface SeenRequest {
  line: string
  body: Record<string, unknown>
  /** The client went away before its answer. */
  isAborted: boolean
}

export type Respond = (status: number, body: unknown, headers?: Record<string, string>) => void

/** Answers by `METHOD /path`; what is not listed is answered by `otherwise`. */
export type Answers = Record<string, (request: SeenRequest, respond: Respond) => void>

/**
 * A stand-in for a model server on a free loopback port, written from the server's documents. Keeps what it was asked in
 * `seen`. `text` bodies are sent as they are, everything else as JSON.
 */
export interface FakeServer {
  port: number
  seen: SeenRequest[]
  close(): Promise<void>
}

export async function startFakeServer(
  answers: Answers,
  otherwise: (request: SeenRequest, respond: Respond) => void,
): Promise<FakeServer> {
  const seen: SeenRequest[] = []
  const server = createServer(async (request, response) => {
    const line = `${request.method} ${request.url}`
    const entry: SeenRequest = { line, body: await readJson(request), isAborted: false }
    seen.push(entry)
    response.on('close', () => {
      entry.isAborted = !response.writableFinished
    })
    const answer = answers[line] ?? otherwise
    answer(entry, (status, body, headers) => send(response, status, body, headers))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  if (response.destroyed) return
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}
