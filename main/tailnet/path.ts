import type { HostState } from '../../preload/contract/fleet.ts'
import type { Link } from '../../preload/contract/hosts.ts'
import type { SshHostConfig } from '../../preload/contract/settings.ts'
import { tailnetOf } from './known.ts'
import { peerOf } from './peers.ts'

/**
 * Tells direct from relayed for a Host on the tailnet, from this machine's `tailnet` reading. Without one, or while the
 * path is idle, it stays `tailnet`: never a guess.
 */
export function createPathReader(local: () => HostState | undefined) {
  return (
    config: Pick<SshHostConfig, 'target' | 'tailnetNodeId'> | undefined,
    path: Link['path'],
  ): Link['path'] => {
    if (path !== 'tailnet' || config === undefined) return path
    const tailnet = tailnetOf(local())
    if (tailnet === null) return path
    const peer = peerOf(tailnet, { nodeId: config.tailnetNodeId, target: config.target })
    if (peer?.path === 'direct') return 'tailnet-direct'
    return peer?.path === 'relay' || peer?.path === 'peer-relay' ? 'tailnet-relay' : path
  }
}
