import { explain, textOf, wholeNumber } from './answer.ts'
import type { Probe } from './probe.ts'

export interface ThermalValue {
  /** 0 to 1, below 1 when the processor is slowed down. Intel only; null on Apple silicon. */
  speedLimitRatio: number | null
  /** macOS has recorded a warning about heat or performance. */
  isWarned: boolean
}

/**
 * Whether heat slows the machine down.
 *
 *     Note: No thermal warning level has been recorded
 *     Note: No performance warning level has been recorded
 *     	CPU_Speed_Limit 	= 100
 */
export const thermal: Probe<'thermal', ThermalValue> = {
  id: 'thermal',
  columns: [
    {
      field: 'speedLimitRatio',
      about: 'Speed that the processor may use, from 0 to 1; Intel only',
    },
    { field: 'isWarned', about: 'Whether macOS has recorded a warning about heat' },
  ],
  everyMs: 60_000,
  questions: { darwin: [[['pmset', '-g', 'therm']]] },
  parse([answer]) {
    const text = textOf(answer)
    const percent = wholeNumber(/\bCPU_Speed_Limit\s{0,9}= {0,9}(\d{1,3})\b/.exec(text)?.[1])
    const levels = ['thermal', 'performance'].map((kind) => levelOf(text, kind))
    const known = levels.filter((level) => level !== null)
    if (known.length === 0 && percent === null) return explain(answer, 'thermal warning level')
    return {
      speedLimitRatio: percent === null ? null : Math.min(percent, 100) / 100,
      isWarned: known.some((level) => level > 0),
    }
  },
}

/** 0 where none was recorded; null where the text does not speak of it. */
function levelOf(text: string, kind: string): number | null {
  if (new RegExp(`No ${kind} warning level has been recorded`, 'i').test(text)) return 0
  const line = new RegExp(
    `^(?!Note).{0,40}${kind} (?:warning )?level\\s{0,9}[=:]?\\s{0,9}(\\d{1,3})`,
    'im',
  )
  return wholeNumber(line.exec(text)?.[1])
}
