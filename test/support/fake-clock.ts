import type { Clock } from '../../main/core/ports.ts'

interface Timer {
  dueAt: number
  order: number
  run: () => void
}

/**
 * A clock that stands still until a test moves it.
 *
 *     const clock = new FakeClock()
 *     clock.after(3000, () => beStale())
 *     await clock.advance(3000)   // runs it, then lets promises settle
 */
export class FakeClock implements Clock {
  #at: number
  readonly #startedAt: number
  #order = 0
  readonly #timers = new Set<Timer>()

  constructor(now: number | string = '2026-11-20T09:00:00Z') {
    this.#at = typeof now === 'number' ? now : Date.parse(now)
    this.#startedAt = this.#at
  }

  now(): number {
    return this.#at
  }

  monotonic(): number {
    return this.#at - this.#startedAt
  }

  after(delayMs: number, run: () => void): () => void {
    const timer: Timer = { dueAt: this.#at + Math.max(0, delayMs), order: this.#order++, run }
    this.#timers.add(timer)
    return () => {
      this.#timers.delete(timer)
    }
  }

  /** Timers that still wait: a test of something closed expects 0. */
  get pending(): number {
    return this.#timers.size
  }

  /** Moves on, running what falls due in order, each at its own moment. Promises settle after each timer and at the end. */
  async advance(byMs: number): Promise<void> {
    const end = this.#at + byMs
    await settle()
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next)
      this.#at = Math.max(this.#at, next.dueAt)
      next.run()
      await settle()
    }
    this.#at = end
    await settle()
  }

  /** Moves on without running anything: the machine slept. Timers that fell due run with the next `advance`. */
  sleep(byMs: number): void {
    this.#at += byMs
  }

  #next(end: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.dueAt > end) continue
      if (
        next === undefined ||
        timer.dueAt < next.dueAt ||
        (timer.dueAt === next.dueAt && timer.order < next.order)
      ) {
        next = timer
      }
    }
    return next
  }
}

/** Lets promises, and I/O callbacks that are ready, run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}
