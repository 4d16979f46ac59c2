import { explain, textOf } from './answer.ts'
import type { Probe } from './probe.ts'

export interface GatekeeperValue {
  isOn: boolean
}

/**
 * Whether programs are assessed before they first run. Off comes with exit status 1; a second line about developer
 * identities can say "disabled" while Gatekeeper is on.
 *
 *     assessments enabled
 */
export const gatekeeper: Probe<'gatekeeper', GatekeeperValue> = {
  id: 'gatekeeper',
  columns: [{ field: 'isOn', about: 'Whether programs are assessed before they first run' }],
  everyMs: 3_600_000,
  questions: { darwin: [[['spctl', '--status']]] },
  parse([answer]) {
    const word = /^assessments (enabled|disabled)\b/m.exec(textOf(answer))?.[1]
    return word === undefined ? explain(answer, 'assessments') : { isOn: word === 'enabled' }
  },
}
