import type { Check } from './check.ts'
import { doIt, judgement, withoutReading } from './judgement.ts'

/** A machine that is too hot slows down, and answers slower for everybody who uses it. */
export const thermal: Check<'thermal'> = {
  id: 'thermal',
  area: 'power',
  needs: ['thermal'],
  judge({ thermal: reading }, context) {
    if (reading.kind === 'unknown') return withoutReading('thermal', reading, context)
    const { speedLimitRatio, isWarned } = reading.value
    const remedy = doIt('thermal', context)
    if (speedLimitRatio !== null && speedLimitRatio < 1) {
      const params = { speedRatio: speedLimitRatio }
      return judgement('thermal', 'attention', 'slowed', { params, remedy })
    }
    if (isWarned) return judgement('thermal', 'attention', 'warned', { remedy })
    return judgement('thermal', 'pass', 'cool')
  },
}
