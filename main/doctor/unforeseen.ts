import type { ErrorInfo } from '../../preload/contract/base.ts'
import { type Outcome, outcome } from './step.ts'

/** A failure that has no sentence of the doctor's own: the connection's is said. */
export function unforeseen({ message, detail, remedy }: ErrorInfo): Outcome {
  return outcome('failed', message, {
    detail: detail ?? null,
    remedies: remedy === undefined ? [] : [remedy],
  })
}
