import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { os, type RouterClient } from '@orpc/server'
import { RPCHandler } from '@orpc/server/ws'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { WebSocket } from 'ws'
import { type RunningServer, startServer } from '../../../main/node/server.ts'
import { closeCodes } from '../../../preload/close-codes.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const router = { greet: os.handler(() => 'hello') }

interface Subject extends RunningServer {
  pageDir: string
  clock: FakeClock
  logged: string[]
  token(): string
}

async function start(options: { port?: number } = {}): Promise<Subject> {
  const dir = mkdtempSync(join(tmpdir(), 'studiolo-page-'))
  const pageDir = join(dir, 'renderer')
  mkdirSync(join(pageDir, 'assets'), { recursive: true })
  writeFileSync(join(pageDir, 'index.html'), '<!doctype html><title>Studiolo</title>')
  writeFileSync(join(pageDir, 'assets', 'index-1a2b.js'), 'export {}')
  writeFileSync(join(pageDir, 'notes.unknown'), 'not for the page')
  writeFileSync(join(dir, 'outside.html'), 'outside')
  symlinkSync(join(dir, 'outside.html'), join(pageDir, 'link.html'))
  const clock = new FakeClock()
  const logged: string[] = []
  const write = (message: string, fields?: object) => {
    logged.push(`${message} ${JSON.stringify(fields)}`)
  }
  const handler = new RPCHandler(router)
  const server = await startServer({
    ...{ pageDir, port: options.port ?? 0, clock },
    log: { debug: write, info: write, warn: write, error: write },
    onPage: (socket) => void handler.upgrade(socket),
    refusals: { host: 'wrong host', origin: 'wrong origin', notFound: 'nothing here' },
  })
  onTestFinished(async () => {
    await server.close()
    rmSync(dir, { recursive: true })
  })
  const token = () => new URL(server.link()).hash.replace('#token=', '')
  return { ...server, pageDir, clock, logged, token }
}

interface Answer {
  status: number
  headers: Record<string, unknown>
  body: string
}

/** Sends the path as it is: `fetch` would resolve its dots and name its own Host. */
function ask(port: number, path: string, headers = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, path, method, headers, host: '127.0.0.1' }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      )
    })
    asked.on('error', reject).end()
  })
}

interface Page {
  socket: WebSocket
  /** The code and the reason of the server's goodbye. */
  closed: Promise<[code: number, reason: string]>
}

async function openSocket(server: RunningServer, options: { origin?: string } = {}): Promise<Page> {
  const origin = options.origin ?? `http://127.0.0.1:${server.port}`
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws`, { origin })
  onTestFinished(() => socket.terminate())
  const closed = once(socket, 'close').then(([code, reason]): [number, string] => [
    code,
    String(reason),
  ])
  await once(socket, 'open')
  return { socket, closed }
}

async function signIn(server: RunningServer, hello: object) {
  const page = await openSocket(server)
  page.socket.send(JSON.stringify(hello))
  const [data] = await once(page.socket, 'message')
  return { ...page, welcome: JSON.parse(String(data)) as { sessionKey: string } }
}

/** What a refused handshake is told. */
function refusal(url: string, options: object): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options)
    socket.on('open', () => reject(new Error('was let in')))
    socket.on('error', () => {})
    socket.on('unexpected-response', (_request, response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
  })
}

describe('files', () => {
  it('serves the page and what belongs to it', async () => {
    const { port } = await start()
    expect(await ask(port, '/')).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: '<!doctype html><title>Studiolo</title>',
    })
    expect(await ask(port, '/assets/index-1a2b.js?v=1')).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/javascript; charset=utf-8', 'content-length': '9' },
      body: 'export {}',
    })
    expect(await ask(port, '/', {}, 'HEAD')).toMatchObject({ status: 200, body: '' })
  })

  it('says that nothing is there while the page is built anew, and serves the new one', async () => {
    const { port, pageDir } = await start()
    rmSync(pageDir, { recursive: true })
    expect(await ask(port, '/')).toMatchObject({ status: 404, body: 'nothing here\n' })
    expect((await ask(port, '/assets/index-1a2b.js')).status).toBe(404)
    mkdirSync(pageDir)
    writeFileSync(join(pageDir, 'index.html'), 'newer')
    expect(await ask(port, '/')).toMatchObject({ status: 200, body: 'newer' })
  })

  it('protects every answer', async () => {
    const { port } = await start()
    for (const path of ['/', '/nothing']) {
      const { headers } = await ask(port, path)
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
      })
      const policy = String(headers['content-security-policy'])
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain("script-src 'self';")
      expect(headers).not.toHaveProperty('set-cookie')
      expect(headers).not.toHaveProperty('access-control-allow-origin')
    }
  })

  it.each([
    '/../outside.html',
    '/..%2foutside.html',
    '/%2e%2e/outside.html',
    '/assets/../../outside.html',
    '/./index.html',
    '//index.html',
    '/..\\outside.html',
    '/index.html\0.js',
    '/link.html',
    '/notes.unknown',
    '/assets',
    '/__proto__',
    '/etc/passwd',
    'http://127.0.0.1/outside.html',
  ])('has nothing at %j', async (path) => {
    const { port } = await start()
    const status = await rawStatus(port, path)
    expect([400, 404]).toContain(status)
  })

  it('refuses names that only lead here, as a rebound address does', async () => {
    const { port } = await start()
    for (const host of [`evil.example:${port}`, '127.0.0.1', `127.0.0.1:${port + 1}`, '[::1]']) {
      expect(await ask(port, '/', { host })).toMatchObject({ status: 403, body: 'wrong host\n' })
    }
    expect(await ask(port, '/', { host: `localhost:${port}` })).toMatchObject({ status: 200 })
  })

  it('refuses to change anything', async () => {
    const { port } = await start()
    expect(await ask(port, '/', {}, 'POST')).toMatchObject({ status: 405 })
  })
})

/** Node's client refuses some paths; a socket sends anything. */
async function rawStatus(port: number, path: string): Promise<number> {
  const socket = connect(port, '127.0.0.1')
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)
  let text = ''
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  await once(socket, 'close')
  return Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1])
}

describe('the way in', () => {
  it('carries the contract after the token', async () => {
    const server = await start()
    const { socket } = await signIn(server, { token: server.token() })
    const client: RouterClient<typeof router> = createORPCClient(
      new RPCLink({ websocket: socket as never }),
    )
    expect(await client.greet()).toBe('hello')
  })

  it('opens again with the session key, as a reloaded page does', async () => {
    const server = await start()
    const { welcome } = await signIn(server, { token: server.token() })
    expect((await signIn(server, welcome)).welcome).toEqual(welcome)
  })

  it.each([
    ['no JSON', 'hello'],
    ['a call', '{"i":"1","p":{"u":"/greet"}}'],
    ['a token that is none', '{"token":7}'],
    ['a long text', JSON.stringify({ token: 'x'.repeat(10_000) })],
    ['bytes', Buffer.from('{"token":"x"}')],
  ])('stays shut for %s', async (_name, message) => {
    const { socket, closed } = await openSocket(await start())
    const answers = vi.fn()
    socket.on('message', answers)
    socket.send(message)
    // a page that goes on talking is not heard either
    socket.send('{"i":"1","p":{"u":"/greet"}}')
    expect((await closed)[0]).toBe(closeCodes.badHello)
    expect(answers).not.toHaveBeenCalled()
  })

  it.each([
    ['a made-up token', () => ({ token: 'x'.repeat(43) })],
    ['a made-up session', () => ({ sessionKey: 'x'.repeat(43) })],
    ['a token as session key', (server: Subject) => ({ sessionKey: server.token() })],
  ])('stays shut for %s', async (_name, hello) => {
    const server = await start()
    const { socket, closed } = await openSocket(server)
    socket.send(JSON.stringify(hello(server)))
    expect(await closed).toEqual([closeCodes.notAdmitted, 'not admitted: open a fresh link'])
  })

  it('stays shut for a used token', async () => {
    const server = await start()
    const token = server.token()
    await signIn(server, { token })
    const { socket, closed } = await openSocket(server)
    socket.send(JSON.stringify({ token }))
    expect((await closed)[0]).toBe(closeCodes.notAdmitted)
  })

  it('stays shut for an old token', async () => {
    const server = await start()
    const token = server.token()
    const { socket, closed } = await openSocket(server)
    await server.clock.advance(5000)
    socket.ping()
    const late = await openSocket(server)
    await server.clock.advance(55_000)
    expect((await closed)[0]).toBe(closeCodes.helloTimeout)
    expect((await late.closed)[0]).toBe(closeCodes.helloTimeout)
    const { socket: next, closed: nextClosed } = await openSocket(server)
    next.send(JSON.stringify({ token }))
    expect((await nextClosed)[0]).toBe(closeCodes.notAdmitted)
  })

  it('shuts on a page that says nothing', async () => {
    const server = await start()
    const { closed } = await openSocket(server)
    await server.clock.advance(10_000)
    expect((await closed)[0]).toBe(closeCodes.helloTimeout)
  })

  it('shuts on a message beyond all measure', async () => {
    const server = await start()
    const { socket, closed } = await signIn(server, { token: server.token() })
    socket.on('error', () => {})
    socket.send('x'.repeat(1_000_001))
    // RFC 6455, 7.4.1: "1009 ... a message that is too big for it to process"
    expect((await closed)[0]).toBe(1009)
    await signIn(server, { token: server.token() })
  })

  it.each([
    ['another page', 'http://evil.example'],
    ['another port', 'http://127.0.0.1:1'],
    ['a file', 'null'],
    ['the secure form', (port: number) => `https://127.0.0.1:${port}`],
    ['another of our names', (port: number) => `http://localhost:${port}`],
  ])('refuses a WebSocket from %s', async (_name, origin) => {
    const { port } = await start()
    expect(
      await refusal(`ws://127.0.0.1:${port}/ws`, {
        origin: typeof origin === 'string' ? origin : origin(port),
      }),
    ).toEqual({ status: 403, body: 'wrong origin\n' })
  })

  it('refuses a WebSocket without an origin, under another name, or elsewhere', async () => {
    const { port } = await start()
    const origin = `http://evil.example:${port}`
    const host = `evil.example:${port}`
    expect(await refusal(`ws://127.0.0.1:${port}/ws`, {})).toMatchObject({ status: 403 })
    expect(await refusal(`ws://127.0.0.1:${port}/ws`, { origin, headers: { host } })).toEqual({
      status: 403,
      body: 'wrong host\n',
    })
    expect(
      await refusal(`ws://127.0.0.1:${port}/rpc`, { origin: `http://127.0.0.1:${port}` }),
    ).toMatchObject({ status: 404 })
  })

  it('writes no token and no session key into the log', async () => {
    const server = await start()
    const token = server.token()
    const { welcome } = await signIn(server, { token })
    const { socket, closed } = await openSocket(server)
    socket.send(JSON.stringify({ token }))
    await closed
    expect(server.logged.join('\n')).not.toBe('')
    expect(server.logged.join('\n')).not.toContain(token)
    expect(server.logged.join('\n')).not.toContain(welcome.sessionKey)
  })

  it('says goodbye to its pages when it ends', async () => {
    const server = await start()
    const { closed } = await signIn(server, { token: server.token() })
    await server.close()
    expect(await closed).toEqual([closeCodes.goingAway, 'Studiolo has ended'])
  })
})

describe('two starts at once', () => {
  it('each have a port of their own', async () => {
    const [one, other] = await Promise.all([start(), start()])
    expect(one.port).not.toBe(other.port)
  })

  it('cannot share a port', async () => {
    const { port } = await start()
    await expect(start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})
