import { isIP } from 'node:net'
import type { SshHostConfig } from '../../preload/contract/settings.ts'
import type { Tailnet } from '../../preload/contract/tailnet.ts'
import type { SshConfig } from '../hosts/ssh/config.ts'
import { isTailnetAddress } from '../hosts/ssh/path.ts'
import { isTailscaleProxy } from '../hosts/ssh/proxy.ts'
import { peerOf } from '../tailnet/peers.ts'

/** Carried by another program: no TCP connection of ours shows where it leads. */
export function isProxied({ proxyCommand, proxyJump }: SshConfig): boolean {
  return proxyCommand !== null || proxyJump !== null
}

/**
 * Whether the way to a Host leads through the tailnet. An address decides; a name by what it resolved to, else (it did not) by
 * whether it looks like one of the tailnet's.
 */
export function isThroughTailnet(
  config: SshHostConfig,
  ssh: SshConfig,
  tailnet: Tailnet | null,
  resolved: string | null,
): boolean {
  if (isTailscaleProxy(ssh.proxyCommand)) return true
  if (isProxied(ssh)) return false
  const name = ssh.hostname.toLowerCase().replace(/\.$/, '')
  if (isIP(name) !== 0) return isTailnetAddress(name)
  if (name.endsWith('.ts.net')) return true
  if (resolved !== null) return isTailnetAddress(resolved)
  if (name.endsWith('.local')) return false
  const peer = tailnet === null ? null : peerOf(tailnet, { nodeId: null, target: name })
  return peer != null || config.tailnetNodeId !== null
}
