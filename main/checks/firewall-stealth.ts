import type { Check } from './check.ts'
import { inSettings, judgement, panes, withoutReading } from './judgement.ts'

const turnOn = 'sudo /usr/libexec/ApplicationFirewall/socketfilterfw --setstealthmode on'

/** Without it, somebody who scans a network learns that there is a machine to try at this address. */
export const firewallStealth: Check<'firewall-stealth'> = {
  id: 'firewall-stealth',
  area: 'security',
  needs: ['firewall-stealth'],
  judge({ 'firewall-stealth': reading }, context) {
    if (reading.kind === 'unknown') return withoutReading('firewall-stealth', reading, context)
    if (reading.value.isOn) return judgement('firewall-stealth', 'pass', 'on')
    return judgement('firewall-stealth', 'attention', 'off-now', {
      remedy: inSettings('firewall-stealth', panes.firewall, context, turnOn),
    })
  },
}
