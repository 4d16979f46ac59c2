import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { closeCodes } from '../../preload/close-codes.ts'
import type { Clock, Log } from '../core/ports.ts'
import { createServer } from '../hosts/node-http.ts'
import { createGate } from './gate.ts'
import { admit } from './socket.ts'
import { createStaticFiles } from './static-files.ts'

const loopback = '127.0.0.1'
/** The largest call is a pasted secret; see the contract. */
const longestMessage = 1_000_000
/** A page that takes no more of its stream is let go; it asks for a snapshot when it is back. */
const longestBacklog = 16_000_000

/** As much of a WebSocket as serving the contract takes. */
type PageSocket = Pick<WebSocket, 'addEventListener' | 'send'>

export interface ServerOptions {
  /** The built page. */
  pageDir: string
  /** 0 = any free one. */
  port: number
  clock: Clock
  log: Log
  /** Serves the contract on the socket of an admitted page. */
  onPage(socket: PageSocket): void
  /** What a refused request is told, in the words of every language. */
  refusals: { host: string; origin: string; notFound: string }
}

/** The page and the WebSocket on 127.0.0.1. */
export interface RunningServer {
  port: number
  /** An address for one page: its fragment holds a token that is valid once and for 60 s. */
  link(): string
  close(): Promise<void>
}

/**
 * The browser host's one port, on the loopback interface only. Other accounts of this machine and every page of the
 * browser reach it, so a request must name it by an address of the loopback (else a name that somebody points at
 * 127.0.0.1 would do), a WebSocket must come from our own page, and its first message must hold a token.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { clock, log, onPage, refusals } = options
  const files = createStaticFiles(options.pageDir)
  const gate = createGate(clock)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: longestMessage })
  const server = createServer({ maxHeaderSize: 16_384 }, answer)
  server.headersTimeout = 10_000
  server.requestTimeout = 10_000
  server.on('upgrade', upgrade)
  const port = await listen()
  const names = new Set([`${loopback}:${port}`, `localhost:${port}`])
  const headers = securityHeaders(port)

  function listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host: loopback, port: options.port, exclusive: true }, () => {
        server.off('error', reject)
        resolve((server.address() as AddressInfo).port)
      })
    })
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    const [path = '/'] = (request.url ?? '/').split('?')
    if (!names.has(request.headers.host ?? '')) {
      say(response, 403, refusals.host)
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD')
      say(response, 405, refusals.notFound)
    } else if (!files.serve(path, request, response)) {
      say(response, 404, refusals.notFound)
    }
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    const { host, origin } = request.headers
    const refusal = refuse(request)
    if (refusal !== null) {
      log.warn('refused a WebSocket', { status: refusal.status, host, origin })
      const body = `${refusal.text}\n`
      socket.end(
        [
          `HTTP/1.1 ${refusal.status}`,
          'Connection: close',
          'Content-Type: text/plain; charset=utf-8',
          `Content-Length: ${Buffer.byteLength(body)}`,
          '',
          body,
        ].join('\r\n'),
      )
      return
    }
    sockets.handleUpgrade(request, socket, head, (page) => {
      admit(page, { gate, clock, log, onAdmitted: serve })
    })
  }

  function refuse({ headers: { host = '', origin }, url }: IncomingMessage) {
    if (!names.has(host)) return { status: '403 Forbidden', text: refusals.host }
    if (origin !== `http://${host}`) return { status: '403 Forbidden', text: refusals.origin }
    return url === '/ws' ? null : { status: '404 Not Found', text: refusals.notFound }
  }

  function serve(page: WebSocket): void {
    onPage({
      addEventListener: page.addEventListener.bind(page),
      send(data: Parameters<WebSocket['send']>[0]) {
        if (page.bufferedAmount > longestBacklog) page.terminate()
        // a stream's last change may come after the page has gone
        else if (page.readyState === page.OPEN) page.send(data)
      },
    })
  }

  return {
    port,
    link: () => `http://${loopback}:${port}/#token=${gate.issueToken()}`,
    async close() {
      for (const page of sockets.clients) page.close(closeCodes.goingAway, 'Studiolo has ended')
      sockets.close()
      await new Promise<void>((resolve) => {
        const stop = setTimeout(() => {
          for (const page of sockets.clients) page.terminate()
          server.closeAllConnections()
        }, 1000)
        server.close(() => {
          clearTimeout(stop)
          resolve()
        })
        server.closeIdleConnections()
      })
    },
  }
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(`${text}\n`)
}

/** For every answer. The page brings all it needs, and talks to nobody but this port. */
function securityHeaders(port: number): Readonly<Record<string, string>> {
  const sockets = `ws://${loopback}:${port} ws://localhost:${port}`
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      // React and Base UI set positions through the style attribute
      "style-src-attr 'unsafe-inline'",
      "img-src 'self' data:",
      "font-src 'self'",
      `connect-src 'self' ${sockets}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'Cache-Control': 'no-store',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  }
}
