import type { FleetState } from '../../preload/contract/fleet.ts'
import type { Settings } from '../../preload/contract/settings.ts'
import { splitTarget } from '../../preload/contract/ssh-target.ts'
import { localHostId } from '../core/host-fleet.ts'
import { isTailnetAddress } from '../hosts/ssh/path.ts'
import { tailnetOf, tailnetReading } from '../tailnet/known.ts'
import { peerOf } from '../tailnet/peers.ts'
import type { AlertView, Seen, Studio } from './alert.ts'

const nothingSeen: Seen = { wasOnline: false, wasDirect: false, tailnet: null }

/** What the rules look at, from the state, the settings and what was seen before; by host id. */
export function viewOf(
  fleet: FleetState,
  { hosts }: Pick<Settings, 'hosts'>,
  seen: ReadonlyMap<string, Seen>,
  now: number,
): AlertView {
  const here = fleet.hosts.find(({ id }) => id === localHostId)
  const tailnet = tailnetOf(here)
  const studios = hosts.flatMap((config): Studio[] => {
    const { id, target, tailnetNodeId: nodeId } = config
    const link = fleet.hosts.find((host) => host.id === id)?.link
    if (link === undefined) return []
    const peer = tailnet === null ? null : (peerOf(tailnet, { nodeId, target }) ?? null)
    const before = seen.get(id) ?? nothingSeen
    const isOnTailnet =
      [nodeId, peer, before.tailnet].some((sign) => sign !== null) ||
      isTailnetTarget(target) ||
      link.path.startsWith('tailnet')
    return isOnTailnet ? [{ config, link, peer, seen: before }] : []
  })
  return {
    now,
    platform: here?.platform ?? null,
    tailnet: tailnetReading(here),
    studios,
    jobs: fleet.jobs,
  }
}

/** An address of Tailscale's ranges or a name under MagicDNS: it leads nowhere else. */
export function isTailnetTarget(target: string): boolean {
  const name = splitTarget(target).host.replace(/^\[(.*)\]$/, '$1')
  return isTailnetAddress(name) || /\.ts\.net\.?$/i.test(name)
}

/** What is to be remembered of each Studio after this view. */
export function remember({ tailnet, studios }: AlertView): ReadonlyMap<string, Seen> {
  const value =
    tailnet?.kind === 'value' && tailnet.value.state === 'running' ? tailnet.value : null
  return new Map(
    studios.map(({ config, link, peer, seen }): [string, Seen] => {
      const isThere = value !== null && peer !== null
      const isLive = link.state === 'live'
      return [
        config.id,
        {
          wasOnline: seen.wasOnline || isLive || (isThere && peer.isOnline),
          wasDirect:
            seen.wasDirect ||
            (isThere && peer.path === 'direct') ||
            (isLive && link.path === 'tailnet-direct'),
          tailnet: isThere ? { name: value.tailnetName, account: value.loginName } : seen.tailnet,
        },
      ]
    }),
  )
}
