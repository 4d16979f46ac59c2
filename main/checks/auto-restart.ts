import type { Check } from './check.ts'
import { inSettings, judgement, panes, withoutReading } from './judgement.ts'

/** After a power failure a server without it stays off until somebody stands in front of it. */
export const autoRestart: Check<'power'> = {
  id: 'auto-restart',
  area: 'power',
  needs: ['power'],
  judge({ power }, context) {
    if (power.kind === 'unknown') return withoutReading('auto-restart', power, context)
    const { hasBattery, isAutoRestartOn } = power.value
    if (hasBattery) return judgement('auto-restart', 'off', 'portable')
    if (isAutoRestartOn === null) {
      const detail = 'pmset does not list autorestart'
      return withoutReading('auto-restart', { reason: 'unrecognised', detail }, context)
    }
    if (isAutoRestartOn) return judgement('auto-restart', 'pass', 'on')
    return judgement('auto-restart', 'attention', 'off-now', {
      remedy: inSettings('auto-restart', panes.energy, context, 'sudo pmset -a autorestart 1'),
    })
  },
}
