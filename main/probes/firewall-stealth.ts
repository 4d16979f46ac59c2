import { explain, textOf } from './answer.ts'
import type { Probe } from './probe.ts'

export interface FirewallStealthValue {
  isOn: boolean
}

/**
 * Whether the machine stays silent when it is probed. Two wordings, older and newer than macOS 15:
 *
 *     Stealth mode disabled
 *     Firewall stealth mode is off
 */
export const firewallStealth: Probe<'firewall-stealth', FirewallStealthValue> = {
  id: 'firewall-stealth',
  columns: [{ field: 'isOn', about: 'Whether the machine stays silent when it is probed' }],
  everyMs: 300_000,
  questions: {
    darwin: [[['/usr/libexec/ApplicationFirewall/socketfilterfw', '--getstealthmode']]],
  },
  parse([answer]) {
    const word = /stealth mode (?:is )?(on|off|enabled|disabled)\b/i.exec(textOf(answer))?.[1]
    if (word === undefined) return explain(answer, 'stealth mode')
    return { isOn: ['on', 'enabled'].includes(word.toLowerCase()) }
  },
}
