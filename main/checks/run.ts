import type { CheckResult } from '../../preload/contract/checks.ts'
import type { Reading } from '../../preload/contract/readings.ts'
import type { ProbeId, ReadingOf } from '../probes/index.ts'
import type { Check, JudgeContext } from './check.ts'
import { checks } from './index.ts'

/** Readings by probe id, as far as they were taken. */
export type Readings = Readonly<Partial<Record<string, Reading>>>

/** One check over what was read; null while one of the readings that it needs was never taken. Pure. */
export function judgeCheck(
  check: Check,
  readings: Readings,
  context: JudgeContext,
): CheckResult | null {
  const taken = check.needs.flatMap((id) => readings[id] ?? [])
  if (taken.length < check.needs.length) return null
  // The probe of an id makes the reading of that id: the one place where the two are joined without the compiler.
  const judgement = check.judge(readings as { [Id in ProbeId]: ReadingOf<Id> }, context)
  const times = taken.map(({ at }) => at).toSorted()
  return { id: check.id, area: check.area, ...judgement, at: times[0] ?? '' }
}

/** All checks whose readings were taken, in display order. Pure. */
export function judgeAll(
  readings: Readings,
  context: JudgeContext,
  list: readonly Check[] = checks,
): CheckResult[] {
  return list.flatMap((check) => judgeCheck(check, readings, context) ?? [])
}
