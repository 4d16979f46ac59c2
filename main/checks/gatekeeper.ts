import type { Check } from './check.ts'
import { inSettings, judgement, panes, withoutReading } from './judgement.ts'

/** Without it, a downloaded program runs although nobody has signed or checked it. */
export const gatekeeper: Check<'gatekeeper'> = {
  id: 'gatekeeper',
  area: 'security',
  needs: ['gatekeeper'],
  judge({ gatekeeper: reading }, context) {
    if (reading.kind === 'unknown') return withoutReading('gatekeeper', reading, context)
    if (reading.value.isOn) return judgement('gatekeeper', 'pass', 'on')
    return judgement('gatekeeper', 'fail', 'off-now', {
      remedy: inSettings('gatekeeper', panes.privacySecurity, context),
    })
  },
}
