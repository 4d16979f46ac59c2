import { isIPv6 } from 'node:net'
import type { Message, Remedy } from '../../preload/contract/base.ts'
import { isTailnetAddress } from '../hosts/ssh/path.ts'
import { doIt } from './remedies.ts'
import type { Visit } from './visit.ts'

/**
 * How this computer's own network looks. `none` is certain: not one interface has an address. `cut-off`: Tailscale does not reach its
 * server, which it notices and forgets late (minutes, where a connection just died), so that a pong weighs more. `fine` is only that
 * nothing speaks against it.
 */
export type OwnNetwork = 'none' | 'cut-off' | 'fine'

/** Asks nobody: the interfaces are at hand, and Tailscale's status was asked for anyway. */
export async function ownNetworkOf(visit: Visit): Promise<OwnNetwork> {
  if (!hasNetwork(visit)) return 'none'
  const [reading, isThroughTailnet] = await Promise.all([visit.tailnet, visit.isThroughTailnet])
  if (reading.kind === 'unknown' || !isThroughTailnet) return 'fine'
  const { state, self } = reading.value
  // the own node's "online" is that Tailscale holds a connection to its server (ipnlocal: GetInPollNetMap)
  return state === 'running' && self?.isOnline === false ? 'cut-off' : 'fine'
}

/**
 * Whether an interface has an address that leads anywhere: not Tailscale's own, and not the link-local ones of IPv6, which a Mac's
 * interfaces have without any network. Carriers give out addresses of Tailscale's range too, but on other interfaces.
 */
export function hasNetwork({ interfaces }: Pick<Visit, 'interfaces'>): boolean {
  return Object.entries(interfaces()).some(([name, addresses = []]) => {
    const isTunnel = /^(utun|tailscale)/.test(name)
    return addresses.some(({ address, internal }) => {
      const isLinkLocal = isIPv6(address) && /^fe[89ab]/i.test(address)
      return !internal && !isLinkLocal && !(isTunnel && isTailnetAddress(address))
    })
  })
}

/** What may be wrong here although there is a network. */
export const noInternetHere: Message = { key: 'doctor.cause.no-internet-here' }
export const checkNetworkHere: Remedy = doIt('here', 'doctor.remedy.check-network-here')
