import type { Message } from '../../../preload/contract/base.ts'
import type { HostStep } from '../../../preload/contract/hosts.ts'
import type { Clock } from '../../core/ports.ts'
import type { HostError } from '../host.ts'

export type StepId = HostStep['id']

/** The hops of one attempt to connect, with the time each took (without the time in which the person was asked). */
export class Steps {
  readonly #clock: Clock
  readonly #onChange: (steps: readonly HostStep[]) => void
  #steps: readonly HostStep[] = []
  #startedAt = 0
  #askedAt: number | null = null

  constructor(clock: Clock, onChange: (steps: readonly HostStep[]) => void) {
    this.#clock = clock
    this.#onChange = onChange
  }

  /** The step that runs, or null between two. */
  get running(): StepId | null {
    return this.#steps.find(({ state }) => state === 'running' || state === 'asking')?.id ?? null
  }

  begin(id: StepId): void {
    this.#startedAt = this.#clock.monotonic()
    this.#askedAt = null
    this.#set({ id, state: 'running', durationMs: null, detail: null, error: null })
  }

  /** The running step waits for the person, or goes on. */
  ask(isAsking: boolean): void {
    const step = this.#steps.find(({ id }) => id === this.running)
    if (step === undefined) return
    if (isAsking) this.#askedAt = this.#clock.monotonic()
    else if (this.#askedAt !== null) this.#startedAt += this.#clock.monotonic() - this.#askedAt
    this.#set({ ...step, state: isAsking ? 'asking' : 'running' })
  }

  pass(id: StepId, detail: string | null = null): void {
    const durationMs = this.#clock.monotonic() - this.#startedAt
    this.#set({ id, state: 'passed', durationMs, detail, error: null })
  }

  /** Something to say while a step runs. */
  note(detail: string): void {
    const step = this.#steps.find(({ id }) => id === this.running)
    if (step !== undefined) this.#set({ ...step, detail })
  }

  /** Something that the person has to do elsewhere while a step runs. */
  wait(task: Message): void {
    const step = this.#steps.find(({ id }) => id === this.running)
    if (step !== undefined) this.#set({ ...step, task })
  }

  skip(id: StepId, detail: string | null = null): void {
    this.#set({ id, state: 'skipped', durationMs: null, detail, error: null })
  }

  /** Marks the running step; without one, nothing was on the way. */
  fail(error: HostError): void {
    const id = this.running
    if (id === null) return
    const durationMs = this.#clock.monotonic() - this.#startedAt
    this.#set({ id, state: 'failed', durationMs, detail: null, error: error.info })
  }

  #set(step: HostStep): void {
    const others = this.#steps.filter(({ id }) => id !== step.id)
    this.#steps = [...others, step]
    this.#onChange(this.#steps)
  }
}
