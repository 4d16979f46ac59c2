import { existsSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { homedir, hostname, userInfo } from 'node:os'
import { delimiter } from 'node:path'
import { errorInfo } from '../core/errors.ts'
import type { Clock, LocalFacts, Log } from '../core/ports.ts'
import { createScheduledTicker } from './gauge/schedule.ts'
import { type Host, HostError, type HostLink, type Identity, type Platform } from './host.ts'
import { expandHome, putLocalFile, readLocalFile } from './local/files.ts'
import { runLocally } from './local/run.ts'
import { createLocalTickSource } from './local/ticks.ts'
import { commandVariables, extraPathDirs } from './quote.ts'

export interface LocalHostOptions {
  id: string
  clock: Clock
  log: Log
  /** @default the home folder of the account */
  homeDir?: string
  /** What programs inherit, before {@link commandVariables}. @default the environment of this process */
  env?: NodeJS.ProcessEnv
}

const link: HostLink = {
  state: 'connected',
  path: 'this-machine',
  problem: null,
  question: null,
  steps: [],
}

const connectTimeoutMs = 10_000

/** This machine. Programs run without a shell; there is no connection that could be missing. */
export function createLocalHost({
  id,
  clock,
  log,
  homeDir = homedir(),
  env = process.env,
}: LocalHostOptions): Host {
  const context = {
    clock,
    env: commandEnvironment(env, homeDir),
    workingDir: existsSync(homeDir) ? homeDir : '/',
  }
  const closing = new AbortController()
  let identity: Promise<Identity> | null = null

  const run: Host['run'] = (argv, options = {}) =>
    runLocally(argv, { ...options, signal: either(closing.signal, options.signal) }, context)

  async function identify(): Promise<Identity> {
    const platform = thisPlatform()
    const { username, uid } = userInfo()
    const { stdout } = await run(['id', '-Gn'])
    const groups = stdout.trim().split(/\s+/).filter(Boolean)
    return { platform, hostName: hostname(), account: username, groups, userId: uid }
  }

  return {
    id,
    kind: 'local',
    now: () => clock.now(),
    identify() {
      identity ??= identify().catch((error) => {
        identity = null
        throw error
      })
      return identity
    },
    run,
    async ticks(list, { signal } = {}) {
      if (signal?.aborted === true || closing.signal.aborted) throw cancelled()
      const platform = thisPlatform()
      const source = createLocalTickSource(list, { platform, ...context })
      const ticker = createScheduledTicker(list, source, { clock })
      closing.signal.addEventListener('abort', ticker.close, { once: true })
      return {
        ask: ticker.ask,
        close() {
          closing.signal.removeEventListener('abort', ticker.close)
          ticker.close()
        },
      }
    },
    connect: (endpoint, { signal } = {}) =>
      connectLocally(endpoint.port, endpoint.address ?? '127.0.0.1', {
        clock,
        signal: either(closing.signal, signal),
      }),
    read: (path, options = {}) => readLocalFile(expandHome(path, homeDir), options),
    put: (path, bytes, options = {}) => putLocalFile(expandHome(path, homeDir), bytes, options),
    link: () => link,
    onLink: () => () => undefined,
    answer: () => undefined,
    reconnect: () => undefined,
    release: () => undefined,
    async close() {
      log.debug('Closing the local host', { id })
      closing.abort()
    },
  }
}

function commandEnvironment(env: NodeJS.ProcessEnv, homeDir: string): NodeJS.ProcessEnv {
  const dirs = (env.PATH ?? '/usr/bin:/bin').split(delimiter)
  const more = extraPathDirs.map((dir) => expandHome(dir, homeDir))
  const path = [...dirs, ...more.filter((dir) => !dirs.includes(dir))].join(delimiter)
  // started from Finder there is none, and Tailscale's app believes that it was clicked as well
  const shellLevel = env.SHLVL ?? '1'
  return { ...env, ...commandVariables, SHLVL: shellLevel, HOME: homeDir, PATH: path }
}

function thisPlatform(): Platform {
  const { platform } = process
  if (platform === 'darwin' || platform === 'linux') return platform
  throw new HostError('unreachable', errorInfo('unsupported-platform', { platform }))
}

function connectLocally(
  port: number,
  address: string,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(cancelled())
      return
    }
    const socket = connect({ port, host: address })
    const settle = () => {
      takeBack()
      signal.removeEventListener('abort', cancel)
      socket.off('error', fail)
    }
    const giveUp = (error: HostError) => {
      settle()
      socket.on('error', () => undefined)
      socket.destroy()
      reject(error)
    }
    const fail = (error: NodeJS.ErrnoException) => {
      const code = error.code === 'ECONNREFUSED' ? 'refused' : 'unreachable'
      giveUp(
        new HostError('unreachable', errorInfo(code, { address, port }, error.message), {
          cause: error,
        }),
      )
    }
    const cancel = () => giveUp(cancelled())
    const takeBack = clock.after(connectTimeoutMs, () =>
      giveUp(
        new HostError('timeout', errorInfo('timeout', { address, timeoutMs: connectTimeoutMs })),
      ),
    )
    signal.addEventListener('abort', cancel, { once: true })
    socket.on('error', fail)
    socket.once('connect', () => {
      settle()
      resolve(socket)
    })
  })
}

function either(one: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other === undefined ? one : AbortSignal.any([one, other])
}

function cancelled(): HostError {
  return new HostError('cancelled', errorInfo('cancelled'))
}

/** What no command of ours asks: of this machine only, by systeminformation. Takes some hundred milliseconds. */
export async function localFacts(): Promise<LocalFacts> {
  const { default: si } = await import('systeminformation')
  const [os, interfaces] = await Promise.all([si.osInfo(), si.networkInterfaces()])
  const addresses = [interfaces]
    .flat()
    .filter((one) => !one.internal)
    .flatMap((one) => [one.ip4, one.ip6])
    .filter((address) => address !== '' && !address.toLowerCase().startsWith('fe80:'))
  return { osName: os.distro, osVersion: os.release, addresses: [...new Set(addresses)] }
}
