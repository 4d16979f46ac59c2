import type { HostError } from '../host.ts'
import { type Destination, sshError } from './errors.ts'
import type { Ask } from './keys.ts'
import type { LoginContext } from './login-options.ts'

/** For the server's first words, and for the keys. */
export const sshTimeoutMs = 10_000
const loginTimeoutMs = 20_000
/** For what the person has to do elsewhere: touch a key, follow an address that the server sent. */
const elsewhereTimeoutMs = 120_000

/** The time that a server has for its next answer. It stands still while the person is asked. */
export class LoginClock {
  readonly #context: Pick<LoginContext, 'clock' | 'steps' | 'ask'>
  readonly #to: Destination
  readonly #onLate: (error: HostError) => void
  #patienceMs = loginTimeoutMs
  #disarm = () => {}
  #isStopped = false
  #isAsking = false
  #isUnheard = false

  constructor(
    context: Pick<LoginContext, 'clock' | 'steps' | 'ask'>,
    to: Destination,
    onLate: (error: HostError) => void,
  ) {
    this.#context = context
    this.#to = to
    this.#onLate = onLate
  }

  /** The person is asked now. */
  get isAsking(): boolean {
    return this.#isAsking
  }

  /** An answer of the person is on its way, and the server has said nothing since. */
  get isUnheard(): boolean {
    return this.#isUnheard
  }

  /** Starts anew; by default with what a login may take. */
  arm(timeoutMs = this.#patienceMs): void {
    this.#disarm()
    if (this.#isStopped) return
    const { address, port } = this.#to
    this.#disarm = this.#context.clock.after(timeoutMs, () =>
      this.#onLate(sshError('timeout', { address, port, timeoutMs })),
    )
  }

  /** From now on a login waits for what the person does elsewhere. */
  waitElsewhere(): void {
    this.#patienceMs = elsewhereTimeoutMs
    this.arm()
  }

  /** The server has said something. */
  hear(): void {
    this.#isUnheard = false
  }

  /** Asks with the clock standing still; whoever sends the answer arms it again. */
  readonly ask: Ask = async (question) => {
    const { steps, ask } = this.#context
    this.#isAsking = true
    this.#disarm()
    steps.ask(true)
    const answer = await ask(question)
    this.#isAsking = false
    this.#isUnheard = true
    steps.ask(false)
    return answer
  }

  /** The login is over, in one way or another. */
  stop(): void {
    this.#isStopped = true
    this.#disarm()
  }
}
