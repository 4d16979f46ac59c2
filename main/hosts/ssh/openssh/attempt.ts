import { type ChildProcess, spawn } from 'node:child_process'
import { networkInterfaces } from 'node:os'
import type { HostError } from '../../host.ts'
import { cancelled, sshError } from '../errors.ts'
import { LoginClock, sshTimeoutMs } from '../login-clock.ts'
import { type ConnectOptions, HungUpWhileAsking, type LoginPlan } from '../login-options.ts'
import { pathTo, type Way, wayByProxy } from '../path.ts'
import { waitFor } from '../wait.ts'
import { type Answers, createAnswers } from './answers.ts'
import { createAskpass } from './askpass.ts'
import { type AttemptTrace, sshFailure } from './failure.ts'
import { hostKeyFailure } from './host-key-failure.ts'
import { parseLine, type SshEvent } from './output.ts'
import type { Prompt } from './prompt.ts'
import type { Room } from './room.ts'

/** What is known of a machine before ssh is started. */
export interface OpenSshPlan extends LoginPlan {
  /** Why ssh2 does not do; for the step's detail. */
  reasons: readonly string[]
}

/** Configuration, names, a smart card's library: what ssh does before its first word. */
const startTimeoutMs = 20_000
const tcpTimeoutMs = 10_000
const killAfterMs = 1_000
/** A program that ssh started may hold its stderr. */
const lastWordsMs = 500

/** One run of ssh up to its login, told as steps. */
export class Attempt {
  readonly #options: ConnectOptions
  readonly #plan: OpenSshPlan
  readonly #room: Room
  readonly #answers: Answers
  readonly #trace: AttemptTrace
  readonly #time: LoginClock
  #child: ChildProcess | null = null
  #keyType = ''
  #fingerprint = ''
  #method = ''
  #fail: (error: Error) => void = () => {}
  way: Way = { path: 'direct' }

  constructor(options: ConnectOptions, plan: OpenSshPlan, room: Room) {
    this.#options = options
    this.#plan = plan
    this.#room = room
    const { config, to } = plan
    this.way = wayByProxy(config) ?? this.way
    this.#trace = {
      ...{
        to,
        target: config.target,
        via: config.proxyCommand ?? config.proxyJump,
        hasBanner: false,
      },
      ...{ said: [], offered: [], accepts: [] },
    }
    this.#time = new LoginClock(options, to, (error) => this.#fail(error))
    this.#answers = createAnswers({
      ...{ ...plan, secrets: options.secrets, accepted: options.accepted },
      ask: async (question) => {
        const answer = await this.#time.ask(question)
        this.#time.arm()
        return answer
      },
      keyType: () => this.#keyType,
    })
  }

  /** Resolves when ssh has logged in and gone to the background. */
  async run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
    const { signal, steps } = this.#options
    const { via } = this.#trace
    if (via === null) steps.begin('name')
    else this.#skipTo(via)
    const askpass = createAskpass(this.#room, (prompt) => this.#answer(prompt))
    const onAbort = () => this.#fail(cancelled())
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      await new Promise<void>((resolve, reject) => {
        this.#fail = reject
        this.#time.arm(startTimeoutMs)
        const [program = 'ssh', ...words] = [...this.#room.asking, 'ssh', ...args]
        const child = spawn(program, words, {
          env: { ...env, ...askpass.env, LC_ALL: 'C' },
          stdio: ['ignore', 'ignore', 'pipe'],
        })
        this.#child = child
        this.#read(child)
        child.once('error', (error) => reject(sshError('internal', {}, error.message)))
        child.once('exit', (code) => {
          if (code === 0) resolve()
          else this.#explain(child).then(reject, reject)
        })
      })
      const why = this.#plan.reasons.join(', ')
      steps.pass('login', `${this.#method || 'none'} (ssh: ${why})`)
    } finally {
      this.#time.stop()
      signal.removeEventListener('abort', onAbort)
      askpass.close()
    }
  }

  kill(): void {
    const child = this.#child
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    const disarm = this.#options.clock.after(killAfterMs, () => child.kill('SIGKILL'))
    child.once('exit', disarm)
  }

  #read(child: ChildProcess): void {
    let rest = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = (lines.pop() ?? '').slice(0, 10_000)
      // in the background it goes on to tell, to nobody
      if (child.exitCode === 0) return
      for (const line of lines) this.#take(parseLine(line))
    })
  }

  #take(event: SshEvent | null): void {
    if (event === null) return
    const { steps, interfaces = networkInterfaces } = this.#options
    const { config, to } = this.#plan
    const trace = this.#trace
    switch (event.kind) {
      case 'proxy':
        break
      case 'connecting':
        if (steps.running !== 'name') break
        steps.pass('name', event.address)
        steps.begin('tcp')
        this.way = { path: pathTo(event.address, interfaces()) }
        this.#time.arm((config.connectTimeoutMs ?? tcpTimeoutMs) + sshTimeoutMs)
        break
      case 'connected':
        if (steps.running !== 'tcp') break
        steps.pass('tcp', `${to.address}:${to.port}`)
        steps.begin('ssh')
        this.#time.arm(sshTimeoutMs)
        break
      case 'banner':
        if (steps.running !== 'ssh') break
        trace.hasBanner = true
        steps.pass('ssh', event.text)
        steps.begin('host-key')
        this.#time.arm(sshTimeoutMs)
        break
      case 'host-key':
        if (steps.running !== 'host-key') break
        this.#keyType = event.keyType
        this.#fingerprint = event.fingerprint
        break
      case 'keys-exchanged':
        if (steps.running !== 'host-key') break
        steps.pass('host-key', this.#fingerprint || null)
        steps.begin('login')
        this.#time.arm()
        break
      case 'accepts':
        this.#heard()
        trace.accepts = event.methods
        break
      case 'offered':
        trace.offered = [...trace.offered, event.key]
        break
      case 'key-accepted':
        this.#heard()
        this.#method = event.key
        break
      case 'logged-in':
        if (event.method !== 'publickey') this.#method = event.method
        break
      case 'said':
        if (trace.said.length < 50) trace.said = [...trace.said, event.text.slice(0, 500)]
        // Tailscale SSH sends an address where the person has to log in first, and waits
        if (steps.running !== 'login' || !/https:\/\//.test(event.text)) break
        steps.note(event.text)
        this.#time.waitElsewhere()
        break
    }
  }

  #heard(): void {
    this.#time.hear()
    this.#time.arm()
  }

  #skipTo(via: string): void {
    const { steps } = this.#options
    const detail = this.#plan.config.proxyCommand === null ? via : 'ProxyCommand'
    steps.skip('name', detail)
    steps.skip('tcp', detail)
    steps.begin('ssh')
  }

  async #answer(prompt: Prompt): Promise<string | null> {
    // what ssh said before it asked has come over another pipe: it is read in this turn
    await new Promise((resolve) => setImmediate(resolve))
    if (prompt.kind === 'presence') {
      const task = { key: 'window.hosts.task.touch-key', params: { securityKey: prompt.key } }
      this.#options.steps.wait(task)
      this.#time.waitElsewhere()
    }
    return this.#answers.answer(prompt)
  }

  /** Why ssh has ended without a login. */
  async #explain(child: ChildProcess): Promise<Error> {
    const { clock } = this.#options
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
    const late = () => sshError('timeout', { timeoutMs: lastWordsMs })
    await waitFor(closed, { clock, timeoutMs: lastWordsMs, late }).catch(() => undefined)
    const failure = this.#failure()
    if (failure.kind === 'auth') await this.#answers.forget()
    else if (this.#time.isUnheard && failure.info.code === 'closed-by-host')
      return new HungUpWhileAsking()
    return failure
  }

  #failure(): HostError {
    const problem = () => this.#answers.problem()
    const shown = { keyType: this.#keyType, fingerprint: this.#fingerprint }
    const byKey = hostKeyFailure(this.#trace, this.#plan, shown, problem)
    if (byKey !== null) return byKey
    const failure = sshFailure(this.#trace)
    return failure.info.code === 'auth' ? (problem() ?? failure) : failure
  }
}
