import type { HostState } from '../../preload/contract/fleet.ts'
import type { Link } from '../../preload/contract/hosts.ts'
import type { Reading } from '../../preload/contract/readings.ts'
import type { TailnetValue } from '../probes/tailnet.ts'

/**
 * Tells direct from relayed for a Host on the tailnet, from this machine's `tailnet` reading. Without one, or while the
 * path is idle, it stays `tailnet`: never a guess.
 */
export function createPathReader(local: () => HostState | undefined) {
  return (target: string | null, path: Link['path']): Link['path'] => {
    if (path !== 'tailnet' || target === null) return path
    const reading = local()?.readings.tailnet as Reading<TailnetValue> | undefined
    if (reading?.kind !== 'value') return path
    const wanted = target.slice(target.indexOf('@') + 1).toLowerCase()
    const peer = reading.value.peers.find(
      ({ name, addresses }) =>
        addresses.includes(wanted) ||
        (name !== null && (wanted === name || wanted.startsWith(`${name}.`))),
    )
    if (peer?.path === 'direct') return 'tailnet-direct'
    return peer?.path === 'relay' || peer?.path === 'peer-relay' ? 'tailnet-relay' : path
  }
}
