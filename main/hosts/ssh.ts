import type { Duplex } from 'node:stream'
import { NodeSSH } from 'node-ssh'
import type { Client, ConnectConfig } from 'ssh2'
import type { SshHostConfig } from '../../preload/contract/settings.ts'
import type { AddressNow, Clock, Log, SecretStore } from '../core/ports.ts'
import { compileGauge, createTicker } from './gauge/gauge.ts'
import type { CommandOutput, Host, Tick, Ticker } from './host.ts'
import { commandScript } from './quote.ts'
import { boundCall } from './ssh/call.ts'
import { openSession } from './ssh/channel.ts'
import { sshError } from './ssh/errors.ts'
import { checkPut, putScript, readResult, readScript } from './ssh/files.ts'
import { SshLink } from './ssh/link.ts'
import type { ConnectOptions } from './ssh/login-options.ts'
import type { Connection } from './ssh/make-connection.ts'
import { runSession } from './ssh/run.ts'
import { forwardError, gaugeStream } from './ssh/session.ts'
import type { SocketOptions } from './ssh/socket.ts'

export interface SshHostOptions
  extends Pick<SocketOptions, 'tcp' | 'netcatPath' | 'interfaces'>,
    Pick<ConnectOptions, 'isAlwaysOpenSsh'> {
  config: SshHostConfig
  clock: Clock
  log: Log
  secrets: SecretStore
  /** Where `.ssh` is. */
  homeDir: string
  /** For ssh and its helpers: PATH, SSH_AUTH_SOCK. */
  env: NodeJS.ProcessEnv
  platform?: NodeJS.Platform
  /** @default the name is always good */
  addressNow?: AddressNow
  /** 0 to 1. @default Math.random */
  random?: () => number
}

const defaultTimeoutMs = 15_000
const identifyTimeoutMs = 60_000
const fileTimeoutMs = 60_000
/** As of a local Host. */
const maxOutputBytes = 8_000_000
const maxFileBytes = 1_000_000

/** A machine over SSH. One connection, made when it is first needed; see {@link Host}. */
export function createSshHost(options: SshHostOptions): Host {
  const { config, clock, platform = process.platform, random = Math.random, ...rest } = options
  const link = new SshLink({ ...rest, clock, host: config, platform, random, dial })

  function call<Value>(
    bounds: { name: string; timeoutMs?: number; signal?: AbortSignal | undefined },
    work: (connection: Connection, signal: AbortSignal) => Promise<Value>,
  ): Promise<Value> {
    return boundCall(link, { clock, timeoutMs: defaultTimeoutMs, ...bounds }, work)
  }

  return {
    id: config.id,
    kind: 'ssh',
    now: () => clock.now(),
    identify: ({ signal } = {}) =>
      call(
        { name: 'identify', timeoutMs: identifyTimeoutMs, signal },
        async ({ identity }) => identity,
      ),
    async run(argv, { stdin, timeoutMs = defaultTimeoutMs, signal } = {}) {
      const startedAt = clock.monotonic()
      const script = commandScript(argv)
      const input = typeof stdin === 'string' ? new TextEncoder().encode(stdin) : stdin
      const bounds = { name: argv.join(' '), timeoutMs, signal }
      const { stdout, stderr, exitCode, isCut } = await call(bounds, (connection, ending) =>
        runSession(connection, script, { stdin: input, maxBytes: maxOutputBytes, signal: ending }),
      )
      const note = isCut ? `\nEnded: it printed more than ${maxOutputBytes} bytes.` : ''
      const output: CommandOutput = {
        stdout: stdout.toString(),
        stderr: stderr.toString() + note,
        exitCode,
        durationMs: clock.monotonic() - startedAt,
      }
      if (exitCode === 127) output.isMissing = true
      return output
    },
    ticks: (list, { signal } = {}) =>
      call({ name: 'ticks', signal }, (connection, ending) => startGauge(connection, list, ending)),
    connect: ({ port, address = '127.0.0.1' }, { signal } = {}) =>
      call({ name: `connect ${port}`, signal }, (connection, ending) =>
        forward(connection, address, port, ending),
      ),
    async read(path, { maxBytes = maxFileBytes, signal } = {}) {
      const bounds = { name: `read ${path}`, timeoutMs: fileTimeoutMs, signal }
      const script = readScript(path, maxBytes)
      const output = await call(bounds, (connection, ending) =>
        runSession(connection, script, { maxBytes: maxBytes + 1, signal: ending }),
      )
      return readResult(output, path, maxBytes)
    },
    async put(path, bytes, { mode = 0o600, signal } = {}) {
      const bounds = { name: `put ${path}`, timeoutMs: fileTimeoutMs, signal }
      const script = putScript(path, bytes.length, mode)
      const output = await call(bounds, (connection, ending) =>
        runSession(connection, script, { stdin: bytes, maxBytes: 10_000, signal: ending }),
      )
      checkPut(output, path)
    },
    link: () => link.state(),
    onLink: (listener) => link.onChange(listener),
    answer: (answer) => link.questions.answer(answer),
    reconnect: (reason) => link.reconnect(reason),
    release() {
      link.release().catch(() => undefined)
    },
    close: () => link.close(),
  }

  async function startGauge(
    connection: Connection,
    list: readonly Tick[],
    signal: AbortSignal,
  ): Promise<Ticker> {
    const session = await openSession(connection, compileGauge(list), signal)
    const { address, port } = connection.to
    const lost = () => link.problem ?? sshError('closed-by-host', { address, port })
    return createTicker(gaugeStream(connection, session), list, { clock, lost })
  }
}

async function forward(
  { transport, to }: Connection,
  address: string,
  port: number,
  signal: AbortSignal,
): Promise<Duplex> {
  try {
    const stream = await transport.forward(address, port)
    if (signal.aborted) stream.destroy()
    return stream
  } catch (error) {
    throw forwardError(error, { address, port }, to)
  }
}

/** node-ssh rejects at the first complaint, also where ssh2 goes on; so its client is what we listen to. */
function dial(config: ConnectConfig, onError: (error: Error) => void): Client {
  const ssh = new NodeSSH()
  ssh.connect(config as Parameters<NodeSSH['connect']>[0]).catch(onError)
  if (ssh.connection === null) throw new Error('node-ssh has made no connection')
  return ssh.connection
}
