import { spawn } from 'node:child_process'
import { promises as dns, type LookupAddress } from 'node:dns'
import { connect, isIP, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { Duplex } from 'node:stream'
import type { Remedy } from '../../../preload/contract/base.ts'
import type { Clock } from '../../core/ports.ts'
import { HostError } from '../host.ts'
import type { SshConfig } from './config.ts'
import { type Destination, socketError, sshError, systemCode } from './errors.ts'
import { isSameSubnet, pathTo, type Way, wayByProxy } from './path.ts'
import { expandProxyCommand, jumpCommand, proxyFailure } from './proxy.ts'
import type { Steps } from './steps.ts'
import { waitFor } from './wait.ts'

/** A byte stream to the SSH server's port, and where it leads. */
export interface OpenSocket {
  stream: Duplex
  way: Way
  /** Of a program that carries the bytes: once it has ended, what that means if no byte came. Null for TCP. */
  failure: Promise<HostError> | null
}

export interface SocketOptions {
  config: SshConfig
  to: Destination
  steps: Steps
  clock: Clock
  signal: AbortSignal
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  /** Exchanged in tests. */
  tcp?: typeof openTcp
  netcatPath?: string
  interfaces?: typeof networkInterfaces
}

const allowNetwork: Remedy = {
  kind: 'do',
  where: 'here',
  text: { key: 'error.remedy.local-network-denied' },
}

const nameTimeoutMs = 8_000
const tcpTimeoutMs = 10_000

/** Opens the way that the configuration asks for: ProxyCommand, ProxyJump or TCP. Says the steps `name` and `tcp`. */
export async function openSocket(options: SocketOptions): Promise<OpenSocket> {
  const { config, to, steps, env } = options
  // an ssh in between would ask on the terminal that Studiolo was started from
  const quiet = { SSH_ASKPASS: 'false', ...env, SSH_ASKPASS_REQUIRE: 'force' }
  const byProxy = wayByProxy(config)
  if (byProxy !== null) {
    const { proxyCommand, proxyJump } = config
    const shown = proxyCommand === null ? proxyJump : 'ProxyCommand'
    steps.skip('name', shown)
    steps.skip('tcp', shown)
    const explain = (said: string) => proxyFailure(config, proxyCommand ?? proxyJump ?? '', said)
    if (proxyCommand === null) {
      return openProgram('ssh', jumpCommand(config), quiet, byProxy, explain)
    }
    const command = ['-c', `exec ${expandProxyCommand(config)}`]
    return openProgram('/bin/sh', command, quiet, byProxy, explain)
  }
  const interfaces = (options.interfaces ?? networkInterfaces)()
  steps.begin('name')
  const addresses = await lookUp(options)
  steps.pass('name', addresses[0]?.address ?? null)
  steps.begin('tcp')
  const address = addresses[0]?.address ?? config.hostname
  try {
    const socket = await (options.tcp ?? openTcp)(addresses, options)
    const reached = socket.remoteAddress ?? address
    steps.pass('tcp', `${reached}:${config.port}`)
    return { stream: socket, way: { path: pathTo(reached, interfaces) }, failure: null }
  } catch (error) {
    const { platform, netcatPath = '/usr/bin/nc' } = options
    // macOS 15+ refuses the local network to some apps in this way, but not to Apple's own programs (emdash#2984)
    const isDenied = platform === 'darwin' && systemCode(error) === 'EHOSTUNREACH'
    if (isDenied && isSameSubnet(address, interfaces)) {
      steps.pass('tcp', netcatPath)
      return openProgram(
        netcatPath,
        [address, String(config.port)],
        env,
        { path: 'lan' },
        (said, isMissing) =>
          isMissing
            ? sshError('local-network-denied', { address: to.address }, said, {
                remedy: allowNetwork,
              })
            : sshError('unreachable', { address: to.address, port: to.port }, said),
      )
    }
    throw error instanceof HostError ? error : socketError(error, to)
  }
}

async function lookUp({ config, to, clock, signal }: SocketOptions): Promise<LookupAddress[]> {
  const family = isIP(config.hostname)
  if (family !== 0) return [{ address: config.hostname, family }]
  const wanted = { any: 0, inet: 4, inet6: 6 }[config.addressFamily]
  const found = dns.lookup(config.hostname, { all: true, family: wanted })
  try {
    return await waitFor(found, {
      clock,
      signal,
      timeoutMs: nameTimeoutMs,
      late: () =>
        sshError('unknown-host-name', { address: config.hostname }, '', {
          key: 'error.name-service-silent',
        }),
    })
  } catch (error) {
    throw systemCode(error) === '' ? error : socketError(error, { ...to, address: config.hostname })
  }
}

/** TCP to the first address that answers. The error is the system's own, or a HostError `timeout`. */
function openTcp(addresses: readonly LookupAddress[], options: SocketOptions): Promise<Socket> {
  const { config, to, clock, signal } = options
  const timeoutMs = config.connectTimeoutMs ?? tcpTimeoutMs
  const socket = connect({
    host: config.hostname,
    port: config.port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
    autoSelectFamily: addresses.length > 1,
    ...(config.bindAddress !== null && { localAddress: config.bindAddress }),
    lookup: (_name, { all }, done) => {
      const [first] = addresses
      if (all === true) done(null, [...addresses])
      else done(null, first?.address ?? '', first?.family)
    },
  })
  const opened = new Promise<Socket>((resolve, reject) => {
    socket.once('connect', () => {
      socket.removeListener('error', reject)
      resolve(socket)
    })
    socket.once('error', reject)
  })
  return waitFor(opened, {
    clock,
    signal,
    timeoutMs,
    late: () => sshError('timeout', { address: to.address, port: to.port, timeoutMs }),
    onGivenUp: () => {
      socket.on('error', () => undefined)
      socket.destroy()
    },
  })
}

/** A program whose standard input and output lead to the server. It is ended with the stream, and the stream with it. */
function openProgram(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  way: Way,
  explain: (said: string, isMissing: boolean) => HostError,
): OpenSocket {
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  let isMissing = false
  const stream = Duplex.from({ writable: child.stdin, readable: child.stdout })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (said.length < 4_000) said += text
  })
  child.on('error', (error) => {
    said += error.message
    isMissing = true
  })
  const failure = new Promise<HostError>((resolve) => {
    child.on('close', () => {
      resolve(explain(said.trim(), isMissing))
      stream.destroy()
    })
  })
  stream.on('close', () => child.kill('SIGTERM'))
  return { stream, way, failure }
}
