import type { ParsedKey } from 'ssh2'
import type { HostStep } from '../../../preload/contract/hosts.ts'
import type { Clock, Log } from '../../core/ports.ts'
import { HostError, type HostLink, type Identity } from '../host.ts'
import { type ChannelPlace, endSessions } from './channel.ts'
import { type ConnectOptions, connectSsh } from './connect.ts'
import { cancelled, sshError } from './errors.ts'
import { HungUpWhileAsking } from './handshake.ts'
import { createQuestions } from './question.ts'
import { identifyAccount, isAnswering } from './session.ts'
import { Slots } from './slots.ts'
import { Steps } from './steps.ts'
import { waitFor } from './wait.ts'

/** OpenSSH's MaxSessions is 10; ending a program takes one more for a moment. */
const maxSessions = 6
/** An attempt that has no TCP connection after this long is given up for a new one when somebody asks for that. */
const slowTcpMs = 2_000
const firstAnswerTimeoutMs = 15_000
const longestBackOffMs = 30_000

export interface SshLinkOptions
  extends Omit<ConnectOptions, 'signal' | 'steps' | 'ask' | 'accepted' | 'unlocked'> {
  log: Log
  /** 0 to 1, spreads the attempts of many apps over time. */
  random: () => number
}

/** A connection that stands and has answered once. */
export interface Connection extends ChannelPlace {
  identity: Identity
  path: HostLink['path']
  /** Aborted when the connection is lost or given up: ends what is under way on it. */
  lost: AbortController
  /** Cuts at once. */
  destroy(): void
  /** Says goodbye first. */
  end(): void
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
  #path: HostLink['path'] = 'direct'
  #problem: HostError | null = null
  #failures = 0
  /** Monotonic; infinite where only the person can change something. */
  #retryAt = 0
  #isPinging = false
  #isClosed = false

  constructor(options: SshLinkOptions) {
    this.#options = options
    this.#clock = options.clock
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
      path: this.#path,
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
    if (this.#problem !== null && this.#clock.monotonic() < this.#retryAt) {
      return Promise.reject(this.#problem)
    }
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
      done: Promise.race([aborted.promise, this.#tryUntilAnswered(steps, aborting.signal)]),
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

  /** A server that hung up while the person was asked gets another try, with the answer. */
  async #tryUntilAnswered(steps: Steps, signal: AbortSignal): Promise<Connection> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#try(steps, signal)
      } catch (error) {
        if (error instanceof HungUpWhileAsking && tries < 5) continue
        throw error instanceof HostError ? error : sshError('internal', {}, String(error))
      }
    }
  }

  async #try(steps: Steps, signal: AbortSignal): Promise<Connection> {
    const { client, to, path, destroy, end } = await connectSsh({
      ...this.#options,
      ...{ signal, steps, accepted: this.#accepted, unlocked: this.#unlocked },
      ask: (question) => this.questions.ask(question),
    })
    const lost = new AbortController()
    client.once('close', () => lost.abort())
    const place: ChannelPlace = {
      ...{ client, to, clock: this.#clock, slots: new Slots(maxSessions), sessions: new Set() },
    }
    try {
      steps.begin('first-answer')
      const { address, port } = to
      const identity = await waitFor(
        identifyAccount(place, AbortSignal.any([signal, lost.signal])).catch((error: unknown) => {
          const isLost = lost.signal.aborted && !signal.aborted
          throw isLost ? sshError('closed-by-host', { address, port }) : error
        }),
        {
          ...{ clock: this.#clock, signal, timeoutMs: firstAnswerTimeoutMs },
          late: () => sshError('timeout', { address, port, timeoutMs: firstAnswerTimeoutMs }),
        },
      )
      steps.pass('first-answer', `${identity.account}@${identity.hostName}`)
      return { ...place, identity, path, lost, destroy, end }
    } catch (error) {
      destroy()
      throw error
    }
  }

  #succeed(attempt: Attempt, connection: Connection): void {
    if (this.#attempt !== attempt) {
      connection.destroy()
      return
    }
    this.#attempt = null
    this.#connection = connection
    this.#path = connection.path
    this.#problem = null
    this.#failures = 0
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
    this.#failures++
    const { random, log, host } = this.#options
    const delayMs = Math.min(longestBackOffMs, 1000 * 2 ** (this.#failures - 1))
    this.#retryAt = isForThePerson(problem)
      ? Number.POSITIVE_INFINITY
      : this.#clock.monotonic() + delayMs * (0.75 + random() / 2)
    log.info('connection failed', { host: host.id, code: problem.info.code })
    this.#changed()
  }

  /** The next call connects again, without back-off: the first failure of that starts it. */
  #setLost(problem: HostError | null): void {
    this.#connection = null
    this.#problem = problem
    this.#retryAt = 0
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
    this.#retryAt = 0
    this.#failures = 0
    this.connect().catch(() => undefined)
  }

  /** Gives the connection up unless it answers within 2 s. Never rejects. */
  async dropIfSilent(): Promise<boolean> {
    const connection = this.#connection
    if (connection === null || this.#isPinging) return false
    this.#isPinging = true
    const isAlive = await isAnswering(connection.client, this.#clock)
    this.#isPinging = false
    if (isAlive || this.#connection !== connection) return false
    const { address, port } = connection.to
    this.#setLost(sshError('unreachable', { address, port }, 'The connection is silent.'))
    connection.destroy()
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
    this.#failures = 0
    this.#steps = []
    this.#setLost(null)
    if (connection === null) return
    const ended = endSessions(connection, connection.sessions)
    connection.lost.abort()
    await ended
    connection.end()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.release()
    this.#listeners.clear()
  }
}

/** Problems that go on until somebody does something: a refused login, a key that was rejected or has changed. */
function isForThePerson({ kind }: HostError): boolean {
  return kind === 'auth' || kind === 'host-key'
}
