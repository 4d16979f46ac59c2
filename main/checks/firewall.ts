import type { Check } from './check.ts'
import { inSettings, judgement, panes, withoutReading } from './judgement.ts'

const turnOn = 'sudo /usr/libexec/ApplicationFirewall/socketfilterfw --setglobalstate on'

/** Without it, every program that listens on a port, wanted or not, can be reached by everybody in the same network. */
export const firewall: Check<'firewall'> = {
  id: 'firewall',
  area: 'security',
  needs: ['firewall'],
  judge({ firewall: reading }, context) {
    if (reading.kind === 'unknown') return withoutReading('firewall', reading, context)
    switch (reading.value.state) {
      case 'on':
        return judgement('firewall', 'pass', 'on')
      case 'blocking-all':
        return judgement('firewall', 'pass', 'blocking-all')
      case 'off':
        return judgement('firewall', 'fail', 'off-now', {
          remedy: inSettings('firewall', panes.firewall, context, turnOn),
        })
    }
  },
}
