import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { type Duplex, duplexPair } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { errorInfo } from '../../../main/core/errors.ts'
import { type Host, HostError } from '../../../main/hosts/host.ts'
import { hostFetch } from '../../../main/hosts/http.ts'
import { until } from '../../support/until.ts'

let server: Server
let port = 0
let connections = 0
let requests: string[] = []
let open: Duplex[] = []

beforeEach(async () => {
  connections = 0
  requests = []
  server = createServer((incoming, outgoing) => {
    requests.push(`${incoming.method} ${incoming.url}`)
    switch (incoming.url?.split('?')[0]) {
      case '/echo':
        outgoing.writeHead(201, 'Made', {
          'x-host': incoming.headers.host,
          'set-cookie': ['a', 'b'],
        })
        incoming.pipe(outgoing)
        break
      case '/empty':
        outgoing.writeHead(204).end()
        break
      case '/silent':
        break
      case '/stream':
        outgoing.write('{"n":1}\n')
        break
      case '/cut':
        outgoing.writeHead(200, { 'content-length': 100 })
        outgoing.write('half')
        setImmediate(() => incoming.socket.destroy())
        break
      case '/moved':
        outgoing.writeHead(302, { location: 'http://example.com/' }).end()
        break
      default:
        outgoing.end('fine')
    }
  })
  open = []
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

type Connect = Host['connect']

function hostWith(connectTo: Connect): Host {
  return { connect: connectTo } as Host
}

const overTcp: Connect = (endpoint) =>
  new Promise((resolve, reject) => {
    const socket = connect(endpoint.port, '127.0.0.1', () => resolve(socket))
    socket.once('error', reject)
    open.push(socket)
  })

/** A stream that is no socket, as an SSH channel is none. */
const overPair: Connect = () => {
  const [ours, theirs] = duplexPair()
  open.push(ours)
  server.emit('connection', theirs)
  return Promise.resolve(ours)
}

describe.each([
  ['a socket', overTcp],
  ['a plain stream', overPair],
])('over %s', (_name, connectTo) => {
  test('carries method, query, body, status and headers', async () => {
    const fetchHere = hostFetch(hostWith(connectTo), port)
    const answer = await fetchHere('http://elsewhere:1/echo?a=1&b=%20', {
      method: 'POST',
      body: JSON.stringify({ name: '模型' }),
    })
    expect(requests).toEqual(['POST /echo?a=1&b=%20'])
    expect(answer.status).toBe(201)
    expect(answer.statusText).toBe('Made')
    expect(answer.headers['x-host']).toBe(`127.0.0.1:${port}`)
    expect(answer.headers['set-cookie']).toBe('a, b')
    expect(await answer.json()).toEqual({ name: '模型' })
  })

  test('GETs one after the other share a connection; a POST does not', async () => {
    const fetchHere = hostFetch(hostWith(connectTo), port)
    for (let i = 0; i < 5; i++) expect(await (await fetchHere('/')).text()).toBe('fine')
    expect(connections).toBe(1)
    await (await fetchHere('/echo', { method: 'POST', body: 'x' })).text()
    expect(connections).toBe(2)
  })

  test('a response without a body, and one that is not followed', async () => {
    const fetchHere = hostFetch(hostWith(connectTo), port)
    expect((await fetchHere('/empty')).body).toBeNull()
    expect((await fetchHere('/', { method: 'HEAD' })).body).toBeNull()
    expect((await fetchHere('/moved')).status).toBe(302)
  })

  test('the first piece of a stream arrives before the last is written; cancelling closes the connection', async () => {
    const abort = new AbortController()
    const answer = await hostFetch(hostWith(connectTo), port)('/stream', { signal: abort.signal })
    const pieces = answer.body?.[Symbol.asyncIterator]()
    expect(new TextDecoder().decode((await pieces?.next())?.value)).toBe('{"n":1}\n')
    const next = pieces?.next()
    abort.abort()
    await expect(next).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('a reader that stops closes the connection', async () => {
    const answer = await hostFetch(hostWith(connectTo), port)('/stream')
    const closed = new Promise((resolve) => {
      for (const stream of open) stream.once('close', resolve)
    })
    const read: string[] = []
    for await (const piece of answer.body ?? []) {
      read.push(new TextDecoder().decode(piece))
      break
    }
    await closed
    expect(read).toEqual(['{"n":1}\n'])
  })

  test('cancelling before the answer rejects with the signal’s reason', async () => {
    const abort = new AbortController()
    const answer = hostFetch(hostWith(connectTo), port)('/silent', { signal: abort.signal })
    await until(() => requests.length > 0)
    abort.abort(new Error('enough'))
    await expect(answer).rejects.toThrow('enough')
    await expect(
      hostFetch(hostWith(connectTo), port)('/', { signal: AbortSignal.abort(new Error('before')) }),
    ).rejects.toThrow('before')
  })

  test('silence ends', async () => {
    const fetchHere = hostFetch(hostWith(connectTo), port, { silenceTimeoutMs: 50 })
    await expect(fetchHere('/silent')).rejects.toMatchObject({ kind: 'timeout' })
    const half = await fetchHere('/stream')
    await expect(half.text()).rejects.toMatchObject({ kind: 'timeout' })
  })

  test('a connection that breaks in the middle is an error, not a short answer', async () => {
    const answer = await hostFetch(hostWith(connectTo), port)('/cut')
    await expect(answer.text()).rejects.toMatchObject({
      kind: 'unreachable',
      info: { code: 'closed-by-host' },
    })
  })
})

test('a connection that cannot be made rejects with what the Host says', async () => {
  const refused = new HostError('unreachable', errorInfo('refused', { port: 11434 }))
  const fetchHere = hostFetch(
    hostWith(() => Promise.reject(refused)),
    11434,
  )
  await expect(fetchHere('/')).rejects.toBe(refused)
})

test('a connection that is never made ends', async () => {
  const never: Connect = () => new Promise<Duplex>(() => undefined)
  const fetchHere = hostFetch(hostWith(never), 11434, { connectTimeoutMs: 20 })
  await expect(fetchHere('/')).rejects.toMatchObject({ kind: 'timeout' })
})

test('a kept connection that the server closed meanwhile is not an error', async () => {
  let answered = 0
  const oneEach = createTcpServer((socket) => {
    let asked = 0
    socket.on('error', () => undefined)
    socket.on('data', () => {
      asked += 1
      answered += 1
      // says keep-alive, then closes on the second request, as a server does whose idle time is over
      if (asked > 1) socket.resetAndDestroy()
      else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
    })
  })
  await new Promise<void>((resolve) => oneEach.listen(0, '127.0.0.1', resolve))
  const fetchHere = hostFetch(hostWith(overTcp), (oneEach.address() as AddressInfo).port)
  expect(await (await fetchHere('/')).text()).toBe('ok')
  expect(await (await fetchHere('/')).text()).toBe('ok')
  expect(answered).toBe(3)
  oneEach.close()
})

test('a kept connection whose other side ended meanwhile is not used again', async () => {
  let connectionCount = 0
  // as a channel of SSH whose server hung up: it ends, but takes words still
  const ending: Connect = () => {
    const [ours, theirs] = duplexPair()
    connectionCount += 1
    theirs.once('data', () => {
      theirs.resume()
      theirs.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
    })
    open.push(ours)
    return Promise.resolve(ours)
  }
  const fetchHere = hostFetch(hostWith(ending), 11434, { silenceTimeoutMs: 1000 })
  expect(await (await fetchHere('/')).text()).toBe('ok')
  await until(() => open[0]?.readableEnded)
  expect(await (await fetchHere('/')).text()).toBe('ok')
  expect(connectionCount).toBe(2)
})

test('garbage instead of HTTP is an error', async () => {
  const noise = createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'))
  await new Promise<void>((resolve) => noise.listen(0, '127.0.0.1', resolve))
  const noisePort = (noise.address() as AddressInfo).port
  await expect(hostFetch(hostWith(overTcp), noisePort)('/')).rejects.toBeInstanceOf(HostError)
  noise.close()
})
