import { randomUUID } from 'node:crypto'
import type { ErrorInfo } from '../../preload/contract/base.ts'
import type { Tunnel } from '../../preload/contract/tunnels.ts'
import { errorInfo, StudioloError, toErrorInfo } from '../core/errors.ts'
import type { Fleet } from '../core/fleet.ts'
import type { Clock, Log } from '../core/ports.ts'
import type { Services, TunnelRequest } from '../core/services.ts'
import type { Host } from '../hosts/host.ts'
import { findPortOwner } from './port-owner.ts'
import { type Listening, listen } from './tunnel-server.ts'

/** Counts of connections change quickly; they are told this often. */
const tellEveryMs = 250
/** Below this, systems let only root listen. */
const firstFreePort = 1024

interface Open {
  tunnel: Tunnel
  server: Listening
}

/** Ports of Hosts on this machine's 127.0.0.1, on demand. */
export function createTunnels(options: {
  host(id: string): Host
  /** Asked for the owner of a taken port. */
  local(): Host
  fleet: Fleet
  clock: Clock
  log: Log
}): Services['tunnels'] & { isUsed(hostId: string): boolean; close(): Promise<void> } {
  const { host, local, fleet, clock, log } = options
  const opened = new Map<string, Open>()
  /** By Host and port: a second click while the first is at work. */
  const opening = new Map<string, Promise<Tunnel>>()
  let cancelTell: (() => void) | null = null
  let isClosed = false

  function tell() {
    cancelTell?.()
    cancelTell = null
    fleet.setTunnels([...opened.values()].map(({ tunnel }) => tunnel))
  }

  function patch(id: string, fields: Partial<Tunnel>) {
    const one = opened.get(id)
    if (one === undefined) return
    one.tunnel = { ...one.tunnel, ...fields }
    cancelTell ??= clock.after(tellEveryMs, tell)
  }

  async function end(ids: readonly string[]) {
    const servers = ids.flatMap((id) => opened.get(id)?.server ?? [])
    for (const id of ids) opened.delete(id)
    if (servers.length > 0) tell()
    await Promise.all(servers.map((server) => server.close()))
  }

  /** An edited Host leaves the state and comes back at once: looked at after that. */
  function followHosts() {
    const gone = [...opened.values()].filter(({ tunnel }) => !isThere(tunnel.hostId))
    void end(gone.map(({ tunnel }) => tunnel.id))
  }
  const isThere = (hostId: string) => fleet.host(hostId) !== undefined
  const unsubscribe = fleet.subscribe(({ order }) => {
    if (order !== undefined && opened.size > 0) queueMicrotask(followHosts)
  })

  function find({ hostId, remotePort, localPort }: TunnelRequest): Tunnel | undefined {
    const all = [...opened.values()].map(({ tunnel }) => tunnel)
    return all.find(
      (one) =>
        one.hostId === hostId &&
        one.remotePort === remotePort &&
        (localPort === null || localPort === one.localPort),
    )
  }

  async function open(request: TunnelRequest): Promise<Tunnel> {
    const { hostId, name, remotePort } = request
    const id = randomUUID()
    const wanted = request.localPort ?? (remotePort < firstFreePort ? 0 : remotePort)
    await refuseTaken(wanted)
    const server = await listen(wanted, {
      connect: (signal) => host(hostId).connect({ port: remotePort }, { signal }),
      onCount: (connectionCount) => patch(id, { connectionCount }),
      onCarried: () => patch(id, { problem: null }),
      onProblem(error) {
        log.debug('tunnel: not carried', { host: hostId, remotePort, error: String(error) })
        const hostName = fleet.host(hostId)?.name ?? name
        patch(id, { problem: problemOf(error, { hostName, port: remotePort }) })
      },
    }).catch(async (error: unknown) => {
      const code = error instanceof Error && 'code' in error ? error.code : null
      if (code === 'EADDRINUSE') throw await taken(wanted)
      if (code === 'EACCES') throw refusal('not-permitted', 'tunnels.low-port', { port: wanted })
      throw error
    })
    if (isClosed || !isThere(hostId)) {
      await server.close()
      throw new StudioloError(errorInfo('not-found'))
    }
    const tunnel: Tunnel = {
      ...{ id, hostId, name, remotePort, localPort: server.port },
      openedAt: new Date(clock.now()).toISOString(),
      ...{ connectionCount: 0, problem: null },
    }
    opened.set(id, { tunnel, server })
    tell()
    return tunnel
  }

  /**
   * macOS lets one program listen on 127.0.0.1 where another listens on all addresses, and takes its connections away from it; so what
   * answers there counts as taken, whatever the system would allow.
   */
  async function refuseTaken(port: number) {
    if (port === 0) return
    const own = [...opened.values()].find(({ tunnel }) => tunnel.localPort === port)
    if (own !== undefined) {
      throw new StudioloError(
        errorInfo('port-taken', { port, name: `Studiolo (${own.tunnel.name})` }),
      )
    }
    const probe = await local()
      .connect({ port })
      .catch(() => null)
    if (probe === null) return
    probe.on('error', () => undefined)
    probe.destroy()
    throw await taken(port)
  }

  async function taken(port: number): Promise<StudioloError> {
    const owner = await findPortOwner(local(), port)
    if (owner === null) return refusal('port-taken', 'tunnels.taken-by-unknown', { port })
    const { name, pid } = owner
    return new StudioloError(errorInfo('port-taken', { port, name }, `pid ${pid}`))
  }

  return {
    async open(request) {
      const { hostId, remotePort, localPort } = request
      host(hostId)
      const existing = find(request)
      if (existing !== undefined) return existing
      const key = JSON.stringify([hostId, remotePort, localPort])
      const started = opening.get(key)
      if (started !== undefined) return started
      const work = open(request).finally(() => opening.delete(key))
      opening.set(key, work)
      return work
    },
    closeOne(hostId, id) {
      if (opened.get(id)?.tunnel.hostId !== hostId) {
        throw new StudioloError(errorInfo('not-found'))
      }
      void end([id])
    },
    isUsed: (hostId) => [...opened.values()].some(({ tunnel }) => tunnel.hostId === hostId),
    async close() {
      isClosed = true
      unsubscribe()
      await end([...opened.keys()])
      cancelTell?.()
    },
  }
}

/** What failed on the far side of a connection that stands is said of the port, not of the machine. */
function problemOf(
  error: unknown,
  { hostName: name, port }: { hostName: string; port: number },
): ErrorInfo {
  const info = toErrorInfo(error)
  if (info.message.params?.port !== port) return info
  if (info.code === 'refused') {
    return { ...info, message: { key: 'tunnels.nothing-listens', params: { name, port } } }
  }
  if (info.code === 'not-permitted') {
    return { ...info, message: { key: 'tunnels.forwarding-off', params: { name, port } } }
  }
  return info
}

function refusal(code: ErrorInfo['code'], key: string, params: { port: number }): StudioloError {
  return new StudioloError({ code, message: { key, params } })
}
