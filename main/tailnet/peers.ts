import { isIPv4 } from 'node:net'
import type { SshHostConfig } from '../../preload/contract/settings.ts'
import { splitTarget } from '../../preload/contract/ssh-target.ts'
import type { Tailnet, TailnetPeer } from '../../preload/contract/tailnet.ts'
import { isTailnetAddress } from '../hosts/ssh/path.ts'

/** What is known of a machine that may be in the tailnet. `target` as the person would type it after `ssh`. */
export interface Wanted {
  nodeId: string | null
  target: string | null
}

/** The peer that is meant: by its node, which survives a rename, else by address, else by DNS name or its first label. */
export function peerOf(
  { peers }: Pick<Tailnet, 'peers'>,
  { nodeId, target }: Wanted,
): TailnetPeer | undefined {
  const byNode = nodeId === null ? undefined : peers.find(({ id }) => id === nodeId)
  if (byNode !== undefined || target === null) return byNode
  const name = hostNameIn(target)
  return (
    peers.find(({ addresses }) => addresses.includes(name)) ??
    peers.find((peer) => namesOf(peer).includes(name))
  )
}

/** The address to use for a peer: IPv4 where it has one, since every SSH client and editor takes it. */
export function addressOf({ addresses }: Pick<TailnetPeer, 'addresses'>): string | null {
  return addresses.find((address) => isIPv4(address)) ?? addresses[0] ?? null
}

/**
 * The address at which a Host is found although its target is out of date: its node has another name or address by now. Null where
 * the target is as good as ever, where it leads past the tailnet (a name or an address of another network), or where the node is not
 * among the peers.
 *
 *     target 'mac-studio.tail1.ts.net', the node is now 'atelier' -> '100.64.0.2'
 */
export function addressFor(
  { target, tailnetNodeId }: Pick<SshHostConfig, 'target' | 'tailnetNodeId'>,
  tailnet: Tailnet,
): string | null {
  if (tailnetNodeId === null || tailnet.state !== 'running') return null
  const peer = tailnet.peers.find(({ id }) => id === tailnetNodeId)
  const name = hostNameIn(target)
  if (peer === undefined || peer.addresses.includes(name) || namesOf(peer).includes(name)) {
    return null
  }
  return isOfTailnet(name, tailnet) ? addressOf(peer) : null
}

/** `ana@Mac-Studio.tail1.ts.net.` -> `mac-studio.tail1.ts.net` */
function hostNameIn(target: string): string {
  return splitTarget(target)
    .host.replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase()
}

function namesOf({ name, dnsName }: Pick<TailnetPeer, 'name' | 'dnsName'>): string[] {
  const whole = dnsName?.toLowerCase() ?? null
  return [name.toLowerCase(), ...(whole === null ? [] : [whole, whole.split('.', 1)[0] ?? whole])]
}

/** A bare name, a name under MagicDNS, or an address of Tailscale's ranges. */
function isOfTailnet(name: string, { self }: Tailnet): boolean {
  if (isTailnetAddress(name)) return true
  const suffix = self?.dnsName?.toLowerCase().replace(/^[^.]*/, '')
  return !/[.:]/.test(name) || name.endsWith('.ts.net') || (!!suffix && name.endsWith(suffix))
}
