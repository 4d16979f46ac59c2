import type { Clock } from '../../core/ports.ts'
import type { HostError } from '../host.ts'

const longestBackOffMs = 30_000

/** When to try again after failures: after 1, 2, 4 … 30 s, each a quarter more or less, so that not all apps come at once. */
export class BackOff {
  readonly #clock: Clock
  readonly #random: () => number
  #failures = 0
  /** Monotonic. */
  #retryAt = 0

  /** @param random 0 to 1 */
  constructor(clock: Clock, random: () => number) {
    this.#clock = clock
    this.#random = random
  }

  /** What {@link isForThePerson} is not tried again before a reset. */
  failed(problem: HostError): void {
    this.#failures++
    const delayMs = Math.min(longestBackOffMs, 1000 * 2 ** (this.#failures - 1))
    this.#retryAt = isForThePerson(problem)
      ? Number.POSITIVE_INFINITY
      : this.#clock.monotonic() + delayMs * (0.75 + this.#random() / 2)
  }

  /** Whether the time has come. */
  isDue(): boolean {
    return this.#clock.monotonic() >= this.#retryAt
  }

  reset(): void {
    this.#failures = 0
    this.#retryAt = 0
  }
}

/**
 * Problems that go on until somebody does something: a refused login, a key that was rejected or has changed. A look at the known keys
 * that failed can have been a busy moment, and trying again asks and risks nothing.
 */
export function isForThePerson({ kind, info }: HostError): boolean {
  return kind === 'auth' || (kind === 'host-key' && info.code !== 'host-keys-unreadable')
}
