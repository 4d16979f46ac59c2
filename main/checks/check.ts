import type { CheckResult } from '../../preload/contract/checks.ts'
import type { Platform } from '../hosts/host.ts'
import type { ProbeId, ReadingOf } from '../probes/index.ts'

/** Which machine is judged, and when. */
export interface JudgeContext {
  platform: Platform
  /** Milliseconds since 1970 on the Host. */
  now: number
  /** The Host is the machine that Studiolo runs on, so that a Remedy can open its settings. */
  isHere?: boolean
}

/** What a Check concludes; id, area and age are added by the caller. */
export type Judgement = Pick<CheckResult, 'state' | 'title' | 'reason'> &
  Partial<Pick<CheckResult, 'remedy'>>

/**
 * A judgement over Readings. Never `pass` where a needed reading is unknown: that is `unknown`, with its reason.
 * The doc comment of each Check says what an attacker gains, or what is lost, when it fails.
 */
export interface Check<Needs extends ProbeId = ProbeId> {
  id: string
  area: CheckResult['area']
  needs: readonly Needs[]
  /** Pure. */
  judge(readings: { readonly [Id in Needs]: ReadingOf<Id> }, context: JudgeContext): Judgement
}
