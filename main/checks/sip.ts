import type { Check } from './check.ts'
import { doIt, judgement, withoutReading } from './judgement.ts'

/** Without it, malware that gets administrator rights can change the system itself and stay through every update. */
export const sip: Check<'sip'> = {
  id: 'sip',
  area: 'security',
  needs: ['sip'],
  judge({ sip: reading }, context) {
    if (reading.kind === 'unknown') return withoutReading('sip', reading, context)
    switch (reading.value.state) {
      case 'on':
        return judgement('sip', 'pass', 'on')
      case 'custom':
        return judgement('sip', 'attention', 'custom', { remedy: doIt('sip', context) })
      case 'off':
        return judgement('sip', 'fail', 'off-now', { remedy: doIt('sip', context) })
    }
  },
}
