import type { Check } from './check.ts'
import { inSettings, judgement, panes, withoutReading } from './judgement.ts'

/** A server that sleeps does not answer, and a load or a long answer is cut off when it falls asleep. */
export const sleep: Check<'power'> = {
  id: 'sleep',
  area: 'power',
  needs: ['power'],
  judge({ power }, context) {
    if (power.kind === 'unknown') return withoutReading('sleep', power, context)
    const { hasBattery, sleepMinutes } = power.value
    if (hasBattery) return judgement('sleep', 'off', 'portable')
    if (sleepMinutes === null) {
      const detail = 'pmset does not say after how many minutes the machine sleeps'
      return withoutReading('sleep', { reason: 'unrecognised', detail }, context)
    }
    if (sleepMinutes === 0) return judgement('sleep', 'pass', 'never')
    return judgement('sleep', 'attention', 'sleeps', {
      params: { sleepMs: sleepMinutes * 60_000 },
      remedy: inSettings('sleep', panes.energy, context, 'sudo pmset -a sleep 0'),
    })
  },
}
