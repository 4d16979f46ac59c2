import { canBeHost } from '../../../preload/contract/can-be-host.ts'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import { splitTarget } from '../../../preload/contract/ssh-target.ts'
import type { Tailnet, TailnetNode, TailnetPeer } from '../../../preload/contract/tailnet.ts'
import type { DotTone } from '../../ui/state-dot.tsx'

/** From here on a key's end is said as a warning: as long before as the alert. */
const nearExpiryMs = 14 * 24 * 60 * 60 * 1000

type StateKey = Tailnet['state'] | 'not-running' | 'offline'

/**
 * How the state is said: a daemon that does not answer at all is another thing than one that was told to stop, and one that runs
 * without reaching its server another than one that is connected.
 */
export function stateKey({ state, isDaemonRunning, self }: Tailnet): StateKey {
  if (state === 'stopped' && !isDaemonRunning) return 'not-running'
  return state === 'running' && self?.isOnline === false ? 'offline' : state
}

const stateTones: Record<StateKey, DotTone> = {
  ...{ running: 'good', offline: 'warn', starting: 'none', stopped: 'none', 'not-running': 'none' },
  ...{ 'needs-login': 'warn', 'needs-machine-auth': 'warn' },
}

/** Nothing is simply good over a warning of Tailscale's own. */
export function stateTone(tailnet: Tailnet): DotTone {
  const tone = stateTones[stateKey(tailnet)]
  return tone === 'good' && tailnet.health.length > 0 ? 'warn' : tone
}

export type KeyState = 'never' | 'far' | 'near' | 'expired'

export function keyStateOf(
  { keyExpiresAt, isKeyExpired }: Pick<TailnetNode, 'keyExpiresAt' | 'isKeyExpired'>,
  now: number,
): KeyState {
  if (isKeyExpired) return 'expired'
  if (keyExpiresAt === null) return 'never'
  const leftMs = Date.parse(keyExpiresAt) - now
  if (leftMs <= 0) return 'expired'
  return leftMs < nearExpiryMs ? 'near' : 'far'
}

/** Online ones first; among them those that can be a Host; then by name. */
export function sortPeers(peers: readonly TailnetPeer[]): TailnetPeer[] {
  return peers.toSorted(
    (one, other) =>
      Number(other.isOnline) - Number(one.isOnline) ||
      Number(canBeHost(other)) - Number(canBeHost(one)) ||
      one.name.localeCompare(other.name),
  )
}

/** The configured Host that a peer is: by its node, else by an address or a name that leads to it. */
export function hostOfPeer(
  peer: TailnetNode,
  hosts: readonly SshHostConfig[],
): SshHostConfig | undefined {
  const ways = [...peer.addresses, peer.name, peer.dnsName].filter((way) => way !== null)
  return hosts.find(({ tailnetNodeId, target }) =>
    tailnetNodeId !== null && peer.id !== null
      ? tailnetNodeId === peer.id
      : ways.includes(splitTarget(target).host.toLowerCase()),
  )
}

/** The address for SSH: IPv4 where there is one, since it reads better and every tool takes it. */
export function addressOf({ addresses }: TailnetNode): string | null {
  return addresses.find((address) => !address.includes(':')) ?? addresses[0] ?? null
}

const systemNames: Readonly<Record<string, string>> = {
  ...{ linux: 'Linux', windows: 'Windows', android: 'Android', freebsd: 'FreeBSD' },
}

/** As its maker writes it; Tailscale gives some as Go does. */
export function systemName({ os }: TailnetNode): string | null {
  return os === null ? null : (systemNames[os] ?? os)
}
