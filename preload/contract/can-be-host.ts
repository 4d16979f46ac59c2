import type { TailnetPeer } from './tailnet.ts'

/** Systems that no Studio runs, and on which nothing answers to SSH, as Tailscale names them, in lower case. */
const withoutSsh = ['ios', 'ipados', 'tvos', 'android', 'windows']

/** Whether a machine of the tailnet is offered as a Host. One whose system Tailscale does not know is. */
export function canBeHost({ os, addresses }: Pick<TailnetPeer, 'os' | 'addresses'>): boolean {
  return addresses.length > 0 && !withoutSsh.includes(os?.toLowerCase() ?? '')
}
