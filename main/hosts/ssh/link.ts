import type { ParsedKey } from 'ssh2'
import type { HostStep } from '../../../preload/contract/hosts.ts'
import type { Clock, Log } from '../../core/ports.ts'
import { HostError, type HostLink } from '../host.ts'
import { BackOff, isForThePerson } from './back-off.ts'
import { endAll } from './end-sessions.ts'
import { cancelled, sshError } from './errors.ts'
import type { ConnectOptions } from './login-options.ts'
import { type Connection, makeConnection } from './make-connection.ts'
import type { Way } from './path.ts'
import { createQuestions } from './question.ts'
import { isAnswering } from './session.ts'
import { Steps } from './steps.ts'

/** An attempt that has no TCP connection after this long is given up for a new one when somebody asks for that. */
const slowTcpMs = 2_000

export interface SshLinkOptions
  extends Omit<ConnectOptions, 'signal' | 'steps' | 'ask' | 'accepted' | 'unlocked'> {
  log: Log
  /** 0 to 1, spreads the attempts of many apps over time. */
  random: () => number
}

interface Attempt {
  done: Promise<Connection>
  abort(reason: HostError): void
  steps: Steps
  startedAt: number
}

/** The one connection of a Host over SSH: made when it is needed, lost, made again. */
export class SshLink {
  readonly #options: SshLinkOptions
  readonly #clock: Clock
  readonly questions
  readonly #listeners = new Set<(link: HostLink) => void>()
  readonly #accepted = new Set<string>()
  readonly #unlocked = new Map<string, ParsedKey>()
  #connection: Connection | null = null
  #attempt: Attempt | null = null
  #steps: readonly HostStep[] = []
  #way: Way = { path: 'direct' }
  #problem: HostError | null = null
  readonly #backOff: BackOff
  #isPinging = false
  #isClosed = false

  constructor(options: SshLinkOptions) {
    this.#options = options
    this.#clock = options.clock
    this.#backOff = new BackOff(options.clock, options.random)
    this.questions = createQuestions(options.clock, () => this.#changed())
  }

  get problem(): HostError | null {
    return this.#problem
  }

  get isAsking(): boolean {
    return this.questions.current() !== null
  }

  state(): HostLink {
    const question = this.questions.current()
    return {
      state: this.#stateName(),
      ...this.#way,
      problem: this.#problem?.info ?? null,
      question,
      steps: this.#steps,
    }
  }

  #stateName(): HostLink['state'] {
    if (this.isAsking) return 'asking'
    if (this.#connection !== null) return 'connected'
    if (this.#attempt !== null) return 'connecting'
    return this.#problem === null ? 'idle' : 'failed'
  }

  onChange(listener: (link: HostLink) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #changed(): void {
    const state = this.state()
    for (const listener of [...this.#listeners]) listener(state)
  }

  /** The connection that stands, or the one that is being made; within the back-off it rejects with the latest problem. */
  connect(): Promise<Connection> {
    if (this.#isClosed) return Promise.reject(cancelled())
    if (this.#connection !== null) return Promise.resolve(this.#connection)
    if (this.#attempt !== null) return this.#attempt.done
    if (this.#problem !== null && !this.#backOff.isDue()) return Promise.reject(this.#problem)
    return this.#start().done
  }

  #start(): Attempt {
    const aborting = new AbortController()
    const aborted = Promise.withResolvers<never>()
    const steps = new Steps(this.#clock, (list) => {
      if (this.#attempt !== attempt) return
      this.#steps = list
      this.#changed()
    })
    const attempt: Attempt = {
      steps,
      startedAt: this.#clock.monotonic(),
      done: Promise.race([aborted.promise, this.#make(steps, aborting.signal)]),
      abort(reason) {
        aborted.reject(reason)
        aborting.abort()
      },
    }
    this.#attempt = attempt
    this.#steps = []
    attempt.done.then(
      (connection) => this.#succeed(attempt, connection),
      (error: unknown) => this.#fail(attempt, error),
    )
    this.#changed()
    return attempt
  }

  #make(steps: Steps, signal: AbortSignal): Promise<Connection> {
    return makeConnection({
      ...this.#options,
      ...{ signal, steps, accepted: this.#accepted, unlocked: this.#unlocked },
      ask: (question) => this.questions.ask(question),
    })
  }

  #succeed(attempt: Attempt, connection: Connection): void {
    if (this.#attempt !== attempt) {
      connection.transport.destroy()
      return
    }
    this.#attempt = null
    this.#connection = connection
    this.#way = connection.way
    this.#problem = null
    this.#backOff.reset()
    const { to, lost } = connection
    const onLost = () => {
      if (this.#connection !== connection) return
      const { address, port } = to
      this.#setLost(sshError('closed-by-host', { address, port }))
    }
    if (lost.signal.aborted) onLost()
    else lost.signal.addEventListener('abort', onLost, { once: true })
    this.#changed()
  }

  #fail(attempt: Attempt, error: unknown): void {
    if (this.#attempt !== attempt) return
    const problem = error instanceof HostError ? error : sshError('internal')
    attempt.steps.fail(problem)
    this.#attempt = null
    this.#problem = problem
    this.#backOff.failed(problem)
    const { log, host } = this.#options
    log.info('connection failed', { host: host.id, code: problem.info.code })
    this.#changed()
  }

  /** The next call connects again, without back-off: the first failure of that starts it. */
  #setLost(problem: HostError | null): void {
    this.#connection = null
    this.#problem = problem
    this.#backOff.reset()
    this.#options.log.info('connection ended', {
      host: this.#options.host.id,
      code: problem?.info.code ?? 'released',
    })
    this.#changed()
  }

  /** See Host.reconnect. */
  reconnect(reason?: 'retry'): void {
    if (this.#isClosed || this.isAsking) return
    if (this.#connection !== null) {
      this.dropIfSilent()
        .then((isDropped) => isDropped && this.#restart())
        .catch(() => undefined)
      return
    }
    const attempt = this.#attempt
    if (attempt !== null) {
      const step = attempt.steps.running
      const isWaitingForTcp = step === 'tcp' || step === 'name'
      const isSlow = this.#clock.monotonic() - attempt.startedAt > slowTcpMs
      if (!isSlow || !isWaitingForTcp) return
      const { target } = this.#options.host
      attempt.abort(sshError('timeout', { address: target, timeoutMs: slowTcpMs }))
      attempt.done.catch(() => this.#restart())
      return
    }
    if (reason === 'retry' && this.#problem !== null && isForThePerson(this.#problem)) return
    this.#restart()
  }

  #restart(): void {
    if (this.#isClosed) return
    this.#backOff.reset()
    this.connect().catch(() => undefined)
  }

  /** Gives the connection up unless it answers within 2 s. Never rejects. */
  async dropIfSilent(): Promise<boolean> {
    const connection = this.#connection
    if (connection === null || this.#isPinging) return false
    this.#isPinging = true
    const isAlive = await isAnswering(connection.transport, this.#clock)
    this.#isPinging = false
    if (isAlive || this.#connection !== connection) return false
    const { address, port } = connection.to
    this.#setLost(sshError('unreachable', { address, port }))
    connection.transport.destroy()
    connection.lost.abort()
    return true
  }

  /** Ends what runs on the far side, then the connection. Resolves within a few seconds, whatever the far side does. */
  async release(): Promise<void> {
    this.questions.drop()
    const attempt = this.#attempt
    this.#attempt = null
    attempt?.abort(cancelled())
    const connection = this.#connection
    this.#steps = []
    this.#setLost(null)
    if (connection === null) return
    const ended = endAll(connection)
    connection.lost.abort()
    await ended
    connection.transport.end()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.release()
    this.#listeners.clear()
  }
}
