import { explain, textOf } from './answer.ts'
import type { Probe } from './probe.ts'

export interface FirewallValue {
  state: 'on' | 'off' | 'blocking-all'
}

const states: Readonly<Record<string, FirewallValue['state']>> = {
  '0': 'off',
  '1': 'on',
  '2': 'blocking-all',
}

/**
 * The application firewall. State 2 does not say "enabled". macOS 15 asked for root.
 *
 *     Firewall is enabled. (State = 1)
 *     Firewall is blocking all non-essential incoming connections. (State = 2)
 */
export const firewall: Probe<'firewall', FirewallValue> = {
  id: 'firewall',
  columns: [{ field: 'state', about: 'Whether the firewall is on' }],
  everyMs: 300_000,
  questions: {
    darwin: [[['/usr/libexec/ApplicationFirewall/socketfilterfw', '--getglobalstate']]],
  },
  parse([answer]) {
    const text = textOf(answer)
    const state = states[/\(State = (\d)\)/.exec(text)?.[1] ?? ''] ?? stateInWords(text)
    return state === undefined ? explain(answer, 'State =') : { state }
  },
}

function stateInWords(text: string): FirewallValue['state'] | undefined {
  if (/^Firewall is blocking all/im.test(text)) return 'blocking-all'
  const word = /^Firewall is (enabled|disabled)\b/im.exec(text)?.[1]
  return word === undefined ? undefined : word.toLowerCase() === 'enabled' ? 'on' : 'off'
}
