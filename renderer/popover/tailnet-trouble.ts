import type { Alert } from '../../preload/contract/alerts.ts'
import type { HostState } from '../../preload/contract/fleet.ts'
import type { Tailnet } from '../../preload/contract/tailnet.ts'
import { lastValue } from '../panels/panel.ts'

/** Why this machine's Tailscale does not carry a connection; null where it does, or is not the way to the Host. */
export type TailnetTrouble = Exclude<Tailnet['state'], 'running'> | 'not-started' | null

/** Read off this machine's own Tailscale, and only for a Host that was reached through it. */
export function tailnetTroubleOf(host: HostState, hosts: readonly HostState[]): TailnetTrouble {
  if (!host.link.path.startsWith('tailnet')) return null
  const here = hosts.find(({ kind }) => kind === 'local')
  const tailnet = here === undefined ? null : lastValue(here, 'tailnet')
  if (tailnet === null || tailnet.state === 'running') return null
  return tailnet.state === 'stopped' && !tailnet.isDaemonRunning ? 'not-started' : tailnet.state
}

/** What the alerts say of the same; the Host's own place says it where the Host cannot be reached for it. */
export function tailnetAlertOf(
  trouble: TailnetTrouble,
  { link }: Pick<HostState, 'link'>,
  alerts: readonly Alert[],
): Alert | null {
  if (trouble === null || link.state !== 'unreachable') return null
  return alerts.find(({ id }) => id === 'tailnet-stopped' || id === 'tailnet-signed-out') ?? null
}
