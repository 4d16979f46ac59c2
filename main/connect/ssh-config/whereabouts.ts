import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import type { Tailnet } from '../../../preload/contract/tailnet.ts'
import { isTailnetAddress } from '../../hosts/ssh/path.ts'
import { addressFor } from '../../tailnet/peers.ts'
import { writtenHostName } from './render.ts'
import type { ResolveContext } from './resolve.ts'

/** This machine's tailnet as it was last read. */
export interface TailnetView {
  /** Null while nothing is known. */
  now(): Tailnet | null
  /** Also called where nothing changed. Call the returned function when it is enough. */
  onChange(listener: () => void): () => void
}

/**
 * Says where a Host's alias leads after a rename in the tailnet. While nothing is known of its node (Tailscale is off, or in another
 * tailnet), that is what our file says already.
 */
export function followerOf(
  { tailnetNodeId }: Pick<SshHostConfig, 'tailnetNodeId'>,
  { alias, tailnet, ownText }: { alias: string; tailnet: Tailnet | null; ownText: string },
): ResolveContext['addressNow'] {
  return (target, keyName) => {
    if (tailnetNodeId === null) return null
    if (tailnet !== null && hasNode(tailnet, tailnetNodeId)) {
      return addressFor({ target, tailnetNodeId }, tailnet)
    }
    const written = writtenHostName(ownText, alias, keyName)
    const isAddress = written !== null && isTailnetAddress(written)
    return isAddress && written !== target ? written : null
  }
}

/** Changes when one of these Hosts may be found elsewhere; `before` as long as the tailnet does not run. */
export function whereabouts(
  hosts: readonly SshHostConfig[],
  tailnet: Tailnet | null,
  before: string,
): string {
  if (tailnet?.state !== 'running') return before
  const nodeIds = new Set(hosts.map(({ tailnetNodeId }) => tailnetNodeId))
  const nodes = tailnet.peers
    .filter(({ id }) => id !== null && nodeIds.has(id))
    .map(({ id, name, dnsName, addresses }) => ({ id, name, dnsName, addresses }))
    .toSorted((a, b) => ((a.id ?? '') < (b.id ?? '') ? -1 : 1))
  return JSON.stringify(nodes)
}

function hasNode({ state, peers }: Tailnet, nodeId: string): boolean {
  return state === 'running' && peers.some(({ id }) => id === nodeId)
}
