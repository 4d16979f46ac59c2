import type { LinkQuestion } from '../../../preload/contract/hosts.ts'
import type { Clock } from '../../core/ports.ts'
import type { LinkAnswer } from '../host.ts'
import type { Ask } from './keys.ts'

/** A question that nobody answers for so long counts as refused. */
const patienceMs = 600_000

/** The one open question of a Host, and who waits for its answer. */
export interface Questions {
  ask: Ask
  /** Ignored when there is no question, or when it is about something else. */
  answer(answer: LinkAnswer): void
  current(): LinkQuestion | null
  /** Nobody will answer any more. */
  drop(): void
}

export function createQuestions(clock: Clock, onChange: () => void): Questions {
  let open: { question: LinkQuestion; settle(answer: LinkAnswer | null): void } | null = null

  return {
    ask(question) {
      open?.settle(null)
      return new Promise((resolve) => {
        const disarm = clock.after(patienceMs, () => settle(null))
        const settle = (answer: LinkAnswer | null) => {
          disarm()
          open = null
          resolve(answer)
          onChange()
        }
        open = { question, settle }
        onChange()
      })
    },
    answer(answer) {
      if (open === null || open.question.kind !== answer.kind) return
      const isOther =
        open.question.kind === 'host-key' &&
        answer.kind === 'host-key' &&
        answer.fingerprint !== open.question.fingerprint
      if (!isOther) open.settle(answer)
    },
    current: () => open?.question ?? null,
    drop: () => open?.settle(null),
  }
}
