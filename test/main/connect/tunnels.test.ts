import { createHash, randomBytes } from 'node:crypto'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTunnels } from '../../../main/connect/tunnels.ts'
import { systemClock } from '../../../main/core/clock.ts'
import { errorInfo, StudioloError } from '../../../main/core/errors.ts'
import { createFleet, type Fleet } from '../../../main/core/fleet.ts'
import type { Clock } from '../../../main/core/ports.ts'
import type { Host } from '../../../main/hosts/host.ts'
import { createLocalHost } from '../../../main/hosts/local.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { studioHost } from '../../support/fleet-fixtures.ts'
import { silentLog } from '../../support/silent-log.ts'
import { createSshHome, type SshHome } from '../../support/ssh-home.ts'
import { freePort, hasSshd, startSshd, type TestSshd } from '../../support/sshd.ts'
import { until } from '../../support/until.ts'

const local = createLocalHost({ id: 'here', clock: systemClock, log: silentLog })
const servers: Server[] = []
let fleet: Fleet
let hosts: Map<string, Host>
/** Free here as well, so that a tunnel may have the same number. */
let remotePort: number
let tunnels: ReturnType<typeof createTunnels>

function compose(clock: Clock = systemClock) {
  fleet = createFleet()
  hosts = new Map()
  tunnels = createTunnels({
    host(id) {
      const host = hosts.get(id)
      if (host === undefined) throw new StudioloError(errorInfo('not-found'))
      return host
    },
    ...{ local: () => local, fleet, clock, log: silentLog },
  })
}

function add(id: string, host: Host) {
  hosts.set(id, host)
  fleet.addHost(studioHost({ id }), 0)
}

async function listenOn<Kind extends Server>(server: Kind, port = 0, address = '127.0.0.1') {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(port, address, resolve))
  return (server.address() as AddressInfo).port
}

/** A Host whose port `remotePort` is a real server elsewhere, and whose others are closed. */
function hostWith(port: number): Host {
  return {
    ...local,
    connect: (endpoint, options) =>
      local.connect({ port: endpoint.port === remotePort ? port : 1 }, options),
  }
}

const ask = (remotePort: number, localPort: number | null = null, hostId = 'studio') => ({
  ...{ hostId, name: 'Ollama', remotePort, localPort },
})
const listed = () => fleet.get().tunnels
const echo = () => createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket))

/** All that comes until the end, with the other half left as it is; rejects with a reset. */
function readAll(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    socket.on('data', (part) => parts.push(part))
    socket.once('end', () => resolve(Buffer.concat(parts)))
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('closed without an end')))
  })
}

function dial(port: number): Socket {
  return connect({ port, host: '127.0.0.1', allowHalfOpen: true })
}

async function isOpen(port: number): Promise<boolean> {
  const socket = dial(port)
  const isConnected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
  })
  socket.destroy()
  return isConnected
}

beforeEach(async () => {
  remotePort = await freePort()
  compose()
})
afterEach(async () => {
  await tunnels.close()
  for (const server of servers.splice(0)) {
    server.close()
    if ('closeAllConnections' in server) (server.closeAllConnections as () => void)()
  }
})

describe.skipIf(!hasSshd)('tunnels through a real sshd', () => {
  let sshd: TestSshd & AsyncDisposable
  let home: SshHome
  beforeAll(async () => {
    sshd = await startSshd()
    home = createSshHome()
  })
  afterAll(async () => {
    home[Symbol.dispose]()
    await sshd[Symbol.asyncDispose]()
  })
  beforeEach(() => add('studio', home.host({ sshd })))

  test('a page of a real HTTP server, many at once, each with its own answer', async () => {
    const remote = await listenOn(
      createHttpServer((asked, answer) => answer.end(`for ${asked.url}`)),
    )
    const { localPort } = await tunnels.open(ask(remote, await freePort()))
    const paths = Array.from({ length: 60 }, (_, index) => `/${index}`)
    const answers = await Promise.all(
      paths.map(async (path) => (await fetch(`http://127.0.0.1:${localPort}${path}`)).text()),
    )
    expect(answers).toEqual(paths.map((path) => `for ${path}`))
    await until(() => (listed()[0]?.connectionCount ?? 0) > 1)
    expect(listed()[0]?.problem).toBeNull()
  })

  test('24 MB go there and back at the same time, byte for byte', async () => {
    const remote = await listenOn(echo())
    const { localPort } = await tunnels.open(ask(remote, await freePort()))
    const sent = randomBytes(24_000_000)
    const socket = dial(localPort)
    const received = readAll(socket)
    socket.end(sent)
    const sum = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
    expect(sum(await received)).toBe(sum(sent))
    await until(() => listed()[0]?.connectionCount === 0)
  }, 60_000)

  test('a server that speaks after the client has said all is still heard', async () => {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      const answer = (all: Buffer) => socket.end(`heard ${all.length} bytes`)
      readAll(socket).then(answer, () => undefined)
    })
    const { localPort } = await tunnels.open(ask(await listenOn(server), await freePort()))
    const socket = dial(localPort)
    socket.end('a'.repeat(100_000))
    expect((await readAll(socket)).toString()).toBe('heard 100000 bytes')
  })

  test('a client that speaks after the server has said all is still heard', async () => {
    const heard = Promise.withResolvers<string>()
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.end('welcome')
      readAll(socket).then((all) => heard.resolve(all.toString()), heard.reject)
    })
    const { localPort } = await tunnels.open(ask(await listenOn(server), await freePort()))
    const socket = dial(localPort)
    expect((await readAll(socket)).toString()).toBe('welcome')
    socket.end('and thanks')
    expect(await heard.promise).toBe('and thanks')
  })

  test('where nobody listens the client is reset, and the tunnel says why until it works', async () => {
    const remote = await freePort()
    const { localPort } = await tunnels.open(ask(remote, await freePort()))
    await expect(readAll(dial(localPort))).rejects.toMatchObject({ code: 'ECONNRESET' })
    await until(() => listed()[0]?.problem !== null)
    expect(listed()[0]?.problem).toMatchObject({
      code: 'refused',
      message: { key: 'tunnels.nothing-listens', params: { name: 'Mac Studio', port: remote } },
    })
    await listenOn(
      createServer((socket) => socket.end('here')),
      remote,
    )
    expect((await readAll(dial(localPort))).toString()).toBe('here')
    await until(() => listed()[0]?.problem === null)
  })

  test('after a lost connection the tunnel stays, and the next one goes through', async () => {
    const remote = await listenOn(createServer((socket) => socket.end('here')))
    const { localPort } = await tunnels.open(ask(remote, await freePort()))
    expect((await readAll(dial(localPort))).toString()).toBe('here')
    await sshd.stop()
    await expect(readAll(dial(localPort))).rejects.toThrow()
    await until(() => listed()[0]?.problem !== null)
    expect(listed()).toHaveLength(1)
    await sshd.start()
    hosts.get('studio')?.reconnect()
    await until(async () => (await readAll(dial(localPort)).catch(() => '')).toString() === 'here')
    await until(() => listed()[0]?.problem === null)
  }, 30_000)

  test('closing ends the connections through it, here and there', async () => {
    const there = new Set<Socket>()
    const remote = await listenOn(
      createServer((socket) => {
        there.add(socket)
        socket.on('error', () => undefined)
        socket.on('close', () => there.delete(socket))
      }),
    )
    const { id, localPort } = await tunnels.open(ask(remote, await freePort()))
    const ended = readAll(dial(localPort)).catch(() => 'reset')
    await until(() => there.size === 1)
    await until(() => listed()[0]?.connectionCount === 1)
    tunnels.closeOne('studio', id)
    expect(listed()).toEqual([])
    await ended
    await until(() => there.size === 0)
    expect(await isOpen(localPort)).toBe(false)
  })
})

describe.skipIf(!hasSshd)('a server that forwards nothing', () => {
  test('is named as the reason', async () => {
    await using sshd = await startSshd({ config: ['AllowTcpForwarding no'] })
    using home = createSshHome()
    add('studio', home.host({ sshd }))
    const remote = await listenOn(echo())
    const { localPort } = await tunnels.open(ask(remote, await freePort()))
    await expect(readAll(dial(localPort))).rejects.toThrow()
    await until(() => listed()[0]?.problem !== null)
    expect(listed()[0]?.problem?.message).toEqual({
      ...{ key: 'tunnels.forwarding-off', params: { name: 'Mac Studio', port: remote } },
    })
  })
})

describe('tunnels', () => {
  test('have the number of the remote port, and are listed with their age', async () => {
    add('studio', hostWith(await listenOn(echo())))
    const openedBefore = Date.now()
    const tunnel = await tunnels.open(ask(remotePort))
    expect(tunnel).toMatchObject({ localPort: remotePort, connectionCount: 0, problem: null })
    expect(Date.parse(tunnel.openedAt)).toBeGreaterThanOrEqual(openedBefore)
    expect(listed()).toEqual([tunnel])
    expect([tunnels.isUsed('studio'), tunnels.isUsed('other')]).toEqual([true, false])
  })

  test('take a free port for a remote one that only root may have here', async () => {
    add('studio', hostWith(1))
    const { localPort } = await tunnels.open(ask(80))
    expect(localPort).toBeGreaterThan(1023)
    expect(await isOpen(localPort)).toBe(true)
  })

  test('listen on 127.0.0.1 only', async () => {
    add('studio', hostWith(1))
    const { localPort } = await tunnels.open(ask(80))
    const other = connect({ port: localPort, host: '127.0.0.2' })
    const error = await new Promise((resolve) => other.once('error', resolve))
    expect(error).toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('a second wish for the same port is the same tunnel, also when both come at once', async () => {
    add('studio', hostWith(1))
    const [one, two] = await Promise.all([tunnels.open(ask(80)), tunnels.open(ask(80))])
    expect(two).toEqual(one)
    expect(await tunnels.open(ask(80))).toEqual(one)
    const elsewhere = await tunnels.open(ask(80, await freePort()))
    expect(elsewhere.id).not.toBe(one.id)
    expect(listed()).toHaveLength(2)
  })

  test('a taken port is said with the name of who has it, wherever they listen', async () => {
    add('studio', hostWith(1))
    for (const address of ['127.0.0.1', '0.0.0.0', '::']) {
      const port = await listenOn(createServer(), 0, address)
      await expect(tunnels.open(ask(80, port))).rejects.toMatchObject({
        info: {
          code: 'port-taken',
          message: { key: 'error.port-taken', params: { port, name: 'node' } },
          detail: `pid ${process.pid}`,
        },
      })
    }
    expect(listed()).toEqual([])
  })

  test('a port taken by nobody knows whom says so', async () => {
    add('studio', hostWith(1))
    const port = await listenOn(createServer())
    const { run } = local
    local.run = async () => ({ stdout: '', stderr: '', exitCode: 1, durationMs: 1 })
    const refused = tunnels.open(ask(80, port))
    await expect(refused).rejects.toMatchObject({
      info: { code: 'port-taken', message: { key: 'tunnels.taken-by-unknown', params: { port } } },
    })
    local.run = run
  })

  test('a port that another tunnel has is said with its name', async () => {
    add('studio', hostWith(1))
    const { localPort } = await tunnels.open(ask(80))
    await expect(tunnels.open(ask(81, localPort))).rejects.toMatchObject({
      info: { code: 'port-taken', message: { params: { name: 'Studiolo (Ollama)' } } },
    })
  })

  test('counts of connections are told together, not one by one', async () => {
    const clock = new FakeClock()
    await tunnels.close()
    compose(clock)
    const accepted = new Set<Socket>()
    const server = createServer((socket) => {
      accepted.add(socket.resume())
      socket.on('error', () => undefined)
      socket.on('close', () => accepted.delete(socket))
    })
    add('studio', hostWith(await listenOn(server)))
    await tunnels.open(ask(remotePort))
    let changes = 0
    fleet.subscribe(() => changes++)
    const sockets = Array.from({ length: 20 }, () => dial(remotePort))
    await until(() => accepted.size === 20)
    expect(changes).toBe(0)
    await clock.advance(250)
    expect([changes, listed()[0]?.connectionCount]).toEqual([1, 20])
    for (const socket of sockets) socket.destroy()
    await until(() => accepted.size === 0)
    await clock.advance(250)
    expect([changes, listed()[0]?.connectionCount]).toEqual([2, 0])
  })

  test('end when their Host is removed, and outlive its being edited', async () => {
    const host = hostWith(await listenOn(echo()))
    add('studio', host)
    const { localPort } = await tunnels.open(ask(80))
    // as the list of Hosts does for a change of its settings: gone and back in one go
    fleet.removeHost('studio')
    add('studio', host)
    await Promise.resolve()
    expect(await isOpen(localPort)).toBe(true)
    fleet.removeHost('studio')
    await until(async () => !(await isOpen(localPort)))
    expect([listed(), tunnels.isUsed('studio')]).toEqual([[], false])
  })

  test('are nobody else’s to close, and no Host’s that is not there', async () => {
    add('studio', hostWith(1))
    add('other', hostWith(1))
    const { id } = await tunnels.open(ask(80))
    expect(() => tunnels.closeOne('other', id)).toThrow(StudioloError)
    expect(() => tunnels.closeOne('studio', 'no-such-id')).toThrow(StudioloError)
    await expect(tunnels.open(ask(80, null, 'gone'))).rejects.toMatchObject({
      info: { code: 'not-found' },
    })
    expect(listed()).toHaveLength(1)
  })

  test('a client that leaves before the far end is reached leaves nothing behind', async () => {
    const asked = Promise.withResolvers<AbortSignal>()
    add('studio', {
      ...local,
      connect: (_endpoint, { signal } = {}) =>
        new Promise((_resolve, reject) => {
          if (signal === undefined) return
          asked.resolve(signal)
          signal.addEventListener('abort', () => reject(new Error('cancelled')))
        }),
    })
    const { localPort } = await tunnels.open(ask(80))
    const socket = dial(localPort)
    const signal = await asked.promise
    socket.resetAndDestroy()
    await until(() => signal.aborted)
    await until(() => listed()[0]?.connectionCount === 0)
    expect(listed()[0]?.problem).toBeNull()
  })

  test('end with the app', async () => {
    add('studio', hostWith(1))
    const { localPort } = await tunnels.open(ask(80))
    await tunnels.close()
    expect(await isOpen(localPort)).toBe(false)
    await expect(tunnels.open(ask(81))).rejects.toMatchObject({ info: { code: 'not-found' } })
  })
})
