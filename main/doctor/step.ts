import type { Message } from '../../preload/contract/base.ts'
import type { DoctorStepId, DoctorStep as Finding } from '../../preload/contract/doctor.ts'
import type { Visit } from './visit.ts'

/** What a step found; `durationMs` where its own work began before its turn came. */
export type Outcome = Omit<Finding, 'id' | 'durationMs'> & { durationMs?: number | null }

/** One hop. Its work may have begun earlier and beside others; `look` waits for that and judges it. */
export interface DoctorStep {
  id: DoctorStepId
  /** Belongs to Tailscale: `off` where the Host is not reached through it. */
  isTailnet?: boolean
  /** Begins as soon as that step is behind, and stands on it and those before it alone. */
  beginsAfter?: DoctorStepId
  /** May reject only with a HostError `cancelled`. */
  look(visit: Visit): Promise<Outcome>
}

type More = Partial<Omit<Outcome, 'state' | 'found'>>

/** An Outcome with a sentence, and what else there is to say. */
export function outcome(state: Outcome['state'], found: Message, more: More = {}): Outcome {
  return { state, found, meaning: null, causes: [], remedies: [], detail: null, ...more }
}

/** Not tried, since an earlier step is broken. */
export const skippedByEarlier = outcome('skipped', { key: 'doctor.skipped.earlier' })
/** Does not apply, since the way does not lead through the tailnet. */
export const offWithoutTailnet = outcome('off', { key: 'doctor.skipped.not-tailnet' })
