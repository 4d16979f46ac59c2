import type { Duplex } from 'node:stream'
import { NodeSSH } from 'node-ssh'
import type { Client, ConnectConfig } from 'ssh2'
import type { HostStep } from '../../preload/contract/hosts.ts'
import type { SshHostConfig } from '../../preload/contract/settings.ts'
import type { Clock, Log, SecretStore } from '../core/ports.ts'
import { compileGauge, createTicker } from './gauge.ts'
import {
  type CommandOutput,
  type Host,
  HostError,
  type HostLink,
  type Identity,
  type Tick,
  type Ticker,
} from './host.ts'
import { commandScript } from './quote.ts'
import { type ChannelPlace, openSession, runSession } from './ssh-channel.ts'
import { type ConnectOptions, connectSsh, HungUpWhileAsking, type LoggedIn } from './ssh-connect.ts'
import { cancelled, sshError } from './ssh-errors.ts'
import { checkPut, putScript, readResult, readScript } from './ssh-files.ts'
import { createQuestions } from './ssh-question.ts'
import { forwardError, gaugeStream, identifyAccount, isAnswering } from './ssh-session.ts'
import { Slots } from './ssh-slots.ts'
import { Steps } from './ssh-steps.ts'

export interface SshHostOptions extends Pick<ConnectOptions, 'tcp' | 'netcatPath'> {
  config: SshHostConfig
  clock: Clock
  log: Log
  secrets: SecretStore
  /** Where `.ssh` is. */
  homeDir: string
  /** For ssh and its helpers: PATH, SSH_AUTH_SOCK. */
  env: NodeJS.ProcessEnv
  platform?: NodeJS.Platform
  /** 0 to 1, spreads the attempts of many apps over time. @default Math.random */
  random?: () => number
}

/** OpenSSH's MaxSessions is 10; a terminal or an editor over the same account has connections of its own. */
const maxSessions = 6
const defaultTimeoutMs = 15_000
const maxOutputBytes = 8_000_000
/** An attempt that has no TCP connection after this long is given up for a new one when somebody asks for that. */
const slowTcpMs = 2_000
const firstAnswerTimeoutMs = 15_000

interface Connection extends ChannelPlace {
  identity: Identity
  path: HostLink['path']
  destroy(): void
  end(): void
  /** Ends what is under way on it. */
  lost: AbortController
}

interface Attempt {
  done: Promise<Connection>
  abort(reason: HostError): void
  steps: Steps
  startedAt: number
}

/** A machine over SSH: one connection, made when it is first needed; see {@link Host}. */
export function createSshHost(options: SshHostOptions): Host {
  const host = new SshHost(options)
  return {
    id: options.config.id,
    kind: 'ssh',
    now: () => options.clock.now(),
    identify: ({ signal } = {}) => host.identify(signal),
    run: (argv, { stdin, timeoutMs = defaultTimeoutMs, signal } = {}) =>
      host.run(commandScript(argv), {
        stdin: typeof stdin === 'string' ? new TextEncoder().encode(stdin) : stdin,
        timeoutMs,
        signal,
        name: argv.join(' '),
      }),
    ticks: (list, { signal } = {}) => host.ticks(list, signal),
    connect: ({ port, address = '127.0.0.1' }, { signal } = {}) =>
      host.forward(address, port, signal),
    read: (path, { maxBytes = 1_000_000, signal } = {}) => host.read(path, maxBytes, signal),
    put: (path, bytes, { mode = 0o600, signal } = {}) => host.put(path, bytes, mode, signal),
    link: () => host.link(),
    onLink: (listener) => host.onLink(listener),
    answer: (answer) => host.questions.answer(answer),
    reconnect: (reason) => host.reconnect(reason),
    release: () => host.release(),
    close: async () => host.close(),
  }
}

class SshHost {
  readonly #options: SshHostOptions
  readonly #clock: Clock
  readonly questions
  readonly #listeners = new Set<(link: HostLink) => void>()
  readonly #accepted = new Set<string>()
  #connection: Connection | null = null
  #attempt: Attempt | null = null
  #steps: readonly HostStep[] = []
  #path: HostLink['path'] = 'direct'
  #problem: HostError | null = null
  #failures = 0
  #retryAt = 0
  #isPinging = false
  #isClosed = false

  constructor(options: SshHostOptions) {
    this.#options = options
    this.#clock = options.clock
    this.questions = createQuestions(options.clock, () => this.#changed())
  }

  // what a Host says of its connection

  link(): HostLink {
    const question = this.questions.current()
    return {
      state: this.#state(question !== null),
      path: this.#path,
      problem: this.#problem?.info ?? null,
      question,
      steps: this.#steps,
    }
  }

  #state(isAsking: boolean): HostLink['state'] {
    if (isAsking) return 'asking'
    if (this.#connection !== null) return 'connected'
    if (this.#attempt !== null) return 'connecting'
    return this.#problem === null ? 'idle' : 'failed'
  }

  onLink(listener: (link: HostLink) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #changed(): void {
    const link = this.link()
    for (const listener of this.#listeners) listener(link)
  }

  // connecting

  /** The connection that stands, or the one that is being made; within the back-off the latest problem. */
  #connect(): Promise<Connection> {
    if (this.#isClosed) return Promise.reject(cancelled())
    if (this.#connection !== null) return Promise.resolve(this.#connection)
    if (this.#attempt !== null) return this.#attempt.done
    if (this.#problem !== null && this.#clock.monotonic() < this.#retryAt) {
      return Promise.reject(this.#problem)
    }
    return this.#start().done
  }

  #start(): Attempt {
    const aborting = new AbortController()
    const steps = new Steps(this.#clock, (list) => {
      if (this.#attempt !== attempt) return
      this.#steps = list
      this.#changed()
    })
    let reject: (reason: HostError) => void = () => {}
    const aborted = new Promise<never>((_, fail) => {
      reject = fail
    })
    const attempt: Attempt = {
      steps,
      startedAt: this.#clock.monotonic(),
      done: Promise.race([aborted, this.#tryAgain(steps, aborting.signal)]),
      abort: (reason) => {
        reject(reason)
        aborting.abort()
      },
    }
    this.#attempt = attempt
    attempt.done.then(
      (connection) => this.#connected(attempt, connection),
      (error: unknown) => this.#failed(attempt, error),
    )
    this.#changed()
    return attempt
  }

  /** A server that hung up while the person was asked gets another try with the answer. */
  async #tryAgain(steps: Steps, signal: AbortSignal): Promise<Connection> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#try(steps, signal)
      } catch (error) {
        if (!(error instanceof HungUpWhileAsking) || tries === 5) throw error
      }
    }
  }

  async #try(steps: Steps, signal: AbortSignal): Promise<Connection> {
    const {
      config,
      platform = process.platform,
      random: _random,
      log: _log,
      ...rest
    } = this.#options
    const loggedIn = await connectSsh({
      ...rest,
      host: config,
      platform,
      signal,
      steps,
      ask: (question) => this.questions.ask(question),
      accepted: this.#accepted,
      dial,
    })
    const lost = new AbortController()
    const { client, to } = loggedIn
    const place: ChannelPlace = { client, to, clock: this.#clock, slots: new Slots(maxSessions) }
    client.once('close', () => lost.abort())
    try {
      steps.begin('first-answer')
      const identity = await this.#firstAnswer(place, AbortSignal.any([signal, lost.signal]))
      steps.pass('first-answer', `${identity.account}@${identity.hostName}`)
      const { path } = loggedIn
      return { ...place, path, identity, lost, ...endings(loggedIn) }
    } catch (error) {
      loggedIn.destroy()
      throw lost.signal.aborted && !signal.aborted
        ? sshError('closed-by-host', { address: to.address, port: to.port })
        : error
    }
  }

  #firstAnswer(place: ChannelPlace, signal: AbortSignal): Promise<Identity> {
    const late = new AbortController()
    return new Promise((resolve, reject) => {
      const disarm = this.#clock.after(firstAnswerTimeoutMs, () => {
        const { address, port } = place.to
        reject(sshError('timeout', { address, port, timeoutMs: firstAnswerTimeoutMs }))
        late.abort()
      })
      identifyAccount(place, AbortSignal.any([signal, late.signal]))
        .then(resolve, reject)
        .finally(disarm)
    })
  }

  #connected(attempt: Attempt, connection: Connection): void {
    if (this.#attempt !== attempt) {
      connection.destroy()
      return
    }
    this.#attempt = null
    this.#connection = connection
    this.#path = connection.path
    this.#problem = null
    this.#failures = 0
    const { client, to, lost } = connection
    const onClose = () => {
      if (this.#connection !== connection) return
      this.#connection = null
      this.#problem = sshError('closed-by-host', { address: to.address, port: to.port })
      this.#retryAt = 0
      this.#options.log.info('connection lost', { host: this.#options.config.id })
      this.#changed()
    }
    if (lost.signal.aborted) onClose()
    else client.once('close', onClose)
    this.#changed()
  }

  #failed(attempt: Attempt, error: unknown): void {
    if (this.#attempt !== attempt) return
    const problem = error instanceof HostError ? error : sshError('internal', {}, String(error))
    attempt.steps.fail(problem)
    this.#attempt = null
    this.#problem = problem
    this.#failures++
    const { random = Math.random, log, config } = this.#options
    const spread = 0.75 + random() / 2
    this.#retryAt = isForThePerson(problem)
      ? Number.POSITIVE_INFINITY
      : this.#clock.monotonic() + Math.min(30_000, 1000 * 2 ** (this.#failures - 1)) * spread
    log.info('connection failed', { host: config.id, code: problem.info.code })
    this.#changed()
  }

  /** Gives up a connection without waiting for the other side. */
  #drop(connection: Connection, problem: HostError | null): void {
    if (this.#connection !== connection) return
    this.#connection = null
    this.#problem = problem
    this.#retryAt = 0
    connection.lost.abort()
    if (problem === null) connection.end()
    else connection.destroy()
    this.#changed()
  }

  reconnect(reason?: 'retry'): void {
    if (this.#isClosed || this.questions.current() !== null) return
    if (this.#connection !== null) {
      const connection = this.#connection
      this.#dropIfSilent(connection)
        .then((isDropped) => isDropped && this.#restart())
        .catch(() => undefined)
      return
    }
    const attempt = this.#attempt
    if (attempt !== null) {
      const step = attempt.steps.running
      const isSlow = this.#clock.monotonic() - attempt.startedAt > slowTcpMs
      if (!isSlow || (step !== 'tcp' && step !== 'name' && step !== null)) return
      attempt.abort(sshError('timeout', { timeoutMs: slowTcpMs }))
      attempt.done.catch(() => undefined).finally(() => this.#restart())
      return
    }
    if (reason === 'retry' && this.#problem !== null && isForThePerson(this.#problem)) return
    this.#restart()
  }

  #restart(): void {
    this.#retryAt = 0
    this.#failures = 0
    this.#connect().catch(() => undefined)
  }

  async #dropIfSilent(connection: Connection): Promise<boolean> {
    if (this.#isPinging) return false
    this.#isPinging = true
    const isAlive = await isAnswering(connection.client, this.#clock)
    this.#isPinging = false
    if (isAlive || this.#connection !== connection) return false
    const { address, port } = connection.to
    this.#drop(connection, sshError('unreachable', { address, port }, 'The connection is silent.'))
    return true
  }

  release(): void {
    this.questions.drop()
    this.#attempt?.abort(cancelled())
    this.#attempt = null
    this.#problem = null
    this.#retryAt = 0
    this.#steps = []
    if (this.#connection !== null) this.#drop(this.#connection, null)
    else this.#changed()
  }

  close(): void {
    this.#isClosed = true
    this.release()
    this.#listeners.clear()
  }

  // calls

  /**
   * Bounds a call: time, the caller's signal and the loss of the connection end it. While the person is asked, time stands still. A
   * call that came too late has the connection looked at.
   */
  #call<Value>(
    bounds: { timeoutMs: number; signal: AbortSignal | undefined; name: string },
    work: (connection: Connection, signal: AbortSignal) => Promise<Value>,
  ): Promise<Value> {
    const { timeoutMs, signal, name } = bounds
    return new Promise<Value>((resolve, reject) => {
      if (signal?.aborted === true) return reject(cancelled())
      const ending = new AbortController()
      let disarm = () => {}
      let forget = () => {}
      const settle = () => {
        disarm()
        forget()
        signal?.removeEventListener('abort', onAbort)
      }
      const giveUp = (error: HostError) => {
        settle()
        reject(error)
        ending.abort()
      }
      const onAbort = () => giveUp(cancelled())
      const arm = () => {
        disarm = this.#clock.after(timeoutMs, () => {
          if (this.questions.current() === null) return late()
          forget = this.onLink(({ state }) => {
            if (state === 'asking') return
            forget()
            arm()
          })
        })
      }
      const late = () => {
        giveUp(sshError('timeout', { timeoutMs }, name))
        if (this.#connection !== null) this.#dropIfSilent(this.#connection).catch(() => undefined)
      }
      arm()
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#connect()
        .then(async (connection) => {
          const lost = () => giveUp(this.#problem ?? cancelled())
          connection.lost.signal.addEventListener('abort', lost, { once: true })
          try {
            return await work(connection, ending.signal)
          } finally {
            connection.lost.signal.removeEventListener('abort', lost)
          }
        })
        .then(resolve, reject)
        .finally(settle)
    })
  }

  identify(signal: AbortSignal | undefined): Promise<Identity> {
    const bounds = { timeoutMs: 60_000, signal, name: 'identify' }
    return this.#call(bounds, async ({ identity }) => identity)
  }

  async run(
    script: string,
    options: {
      stdin: Uint8Array | undefined
      timeoutMs: number
      signal: AbortSignal | undefined
      name: string
    },
  ): Promise<CommandOutput> {
    const startedAt = this.#clock.monotonic()
    const { stdin, ...bounds } = options
    const output = await this.#call(bounds, (connection, signal) =>
      runSession(connection, script, { stdin, maxBytes: maxOutputBytes, signal }),
    )
    const { exitCode, isCut } = output
    const note = isCut ? `\nEnded: it printed more than ${maxOutputBytes} bytes.` : ''
    return {
      stdout: output.stdout.toString(),
      stderr: output.stderr.toString() + note,
      exitCode,
      durationMs: this.#clock.monotonic() - startedAt,
      ...(exitCode === 127 && { isMissing: true }),
    }
  }

  ticks(list: readonly Tick[], signal: AbortSignal | undefined): Promise<Ticker> {
    const bounds = { timeoutMs: defaultTimeoutMs, signal, name: 'ticks' }
    return this.#call(bounds, async (connection, ending) => {
      const channel = await openSession(connection, compileGauge(list), ending)
      const { address, port } = connection.to
      return createTicker(gaugeStream(channel, this.#clock), list, {
        clock: this.#clock,
        lost: () => this.#problem ?? sshError('closed-by-host', { address, port }),
      })
    })
  }

  forward(address: string, port: number, signal: AbortSignal | undefined): Promise<Duplex> {
    const bounds = { timeoutMs: defaultTimeoutMs, signal, name: `connect ${port}` }
    return this.#call(
      bounds,
      ({ client, to }, ending) =>
        new Promise((resolve, reject) => {
          client.forwardOut('127.0.0.1', 0, address, port, (error, channel) => {
            if (error) return reject(forwardError(error, port, to))
            if (ending.aborted) channel.destroy()
            resolve(channel)
          })
        }),
    )
  }

  async read(
    path: string,
    maxBytes: number,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array | null> {
    const bounds = { timeoutMs: 60_000, signal, name: `read ${path}` }
    const output = await this.#call(bounds, (connection, ending) =>
      runSession(connection, readScript(path, maxBytes), {
        maxBytes: maxBytes + 1,
        signal: ending,
      }),
    )
    return readResult(output, path, maxBytes)
  }

  async put(
    path: string,
    bytes: Uint8Array,
    mode: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const bounds = { timeoutMs: 60_000, signal, name: `put ${path}` }
    const output = await this.#call(bounds, (connection, ending) =>
      runSession(connection, putScript(path, bytes.length, mode), {
        stdin: bytes,
        maxBytes: 10_000,
        signal: ending,
      }),
    )
    checkPut(output, path)
  }
}

/** Problems that go on until somebody does something: a refused login, a key that was rejected or has changed. */
function isForThePerson({ kind }: HostError): boolean {
  return kind === 'auth' || kind === 'host-key'
}

function endings({ destroy, end }: LoggedIn): Pick<Connection, 'destroy' | 'end'> {
  return { destroy, end }
}

function dial(config: ConnectConfig, onError: (error: Error) => void): Client {
  const ssh = new NodeSSH()
  ssh.connect(config as Parameters<NodeSSH['connect']>[0]).catch(onError)
  if (ssh.connection === null) throw new Error('node-ssh has made no connection')
  return ssh.connection
}
