import type { DoctorProgress, DoctorStep } from '../../../preload/contract/doctor.ts'
import { type DoctorStepId, doctorStepIds } from '../../../preload/contract/doctor-steps.ts'

export type ShownState = DoctorStep['state'] | 'waiting'

/** Of what nothing needs to be said until somebody asks. */
const quietStates = ['passed', 'skipped', 'off'] as const
type QuietState = (typeof quietStates)[number]

export type ShownRow =
  | { kind: 'step'; id: DoctorStepId; state: ShownState; step: DoctorStep | null }
  /** Neighbours that went alike, as one line. */
  | { kind: 'fold'; state: QuietState; steps: readonly DoctorStep[] }

/**
 * The lines of the list. While it runs each step has its own from the start, so that nothing moves while they pass; then those of
 * which there is nothing to say are put together, so that the one that matters is in sight.
 */
export function rowsOf(progress: DoctorProgress | null, isRunning: boolean): ShownRow[] {
  const stepOf = (id: DoctorStepId) => progress?.steps.find((one) => one.id === id) ?? null
  if (isRunning) {
    return doctorStepIds.map((id) => {
      const step = stepOf(id)
      return { kind: 'step', id, state: step?.state ?? 'waiting', step }
    })
  }
  const rows: ShownRow[] = []
  for (const id of doctorStepIds) {
    const step = stepOf(id)
    // cancelled on the way: what was not reached is not listed
    if (step === null || step.state === 'running') continue
    const state = quietStates.find((quiet) => quiet === step.state)
    const last = rows.at(-1)
    if (state === undefined) rows.push({ kind: 'step', id, state: step.state, step })
    else if (last?.kind === 'fold' && last.state === state)
      rows[rows.length - 1] = { kind: 'fold', state, steps: [...last.steps, step] }
    else rows.push({ kind: 'fold', state, steps: [step] })
  }
  return rows.map((row) => (row.kind === 'fold' ? unfoldedIfAlone(row) : row))
}

/** A line for one step alone had better say which. */
function unfoldedIfAlone(row: Extract<ShownRow, { kind: 'fold' }>): ShownRow {
  const [step, ...others] = row.steps
  return step === undefined || others.length > 0
    ? row
    : { kind: 'step', id: step.id, state: step.state, step }
}

export type Outcome = 'running' | 'cancelled' | 'broken' | 'unknown' | 'attention' | 'passed'

/** What the whole of it says. Never better than its worst step. */
export function outcomeOf(progress: DoctorProgress | null, isRunning: boolean): Outcome {
  if (isRunning) return 'running'
  if (progress === null || !progress.isDone) return 'cancelled'
  if (progress.brokenStepId !== null) return 'broken'
  const has = (state: DoctorStep['state']) => progress.steps.some((step) => step.state === state)
  if (has('failed')) return 'broken'
  if (has('unknown')) return 'unknown'
  return has('attention') ? 'attention' : 'passed'
}
