import { BlockList, isIP } from 'node:net'
import type { NetworkInterfaceInfo } from 'node:os'
import type { Link } from '../../../preload/contract/hosts.ts'
import type { SshConfig } from './config.ts'
import { hopsOf, isTailscaleProxy } from './proxy.ts'

/** How the bytes get to a Host, as far as that can be told. */
export type Way = Pick<Link, 'path' | 'via'>

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>

/** Tailscale's own ranges: https://tailscale.com/kb/1033/ip-and-dns-addresses */
const tailnet = new BlockList()
tailnet.addSubnet('100.64.0.0', 10, 'ipv4')
tailnet.addSubnet('fd7a:115c:a1e0::', 48, 'ipv6')

const privateRanges = new BlockList()
privateRanges.addSubnet('10.0.0.0', 8, 'ipv4')
privateRanges.addSubnet('172.16.0.0', 12, 'ipv4')
privateRanges.addSubnet('192.168.0.0', 16, 'ipv4')
privateRanges.addSubnet('169.254.0.0', 16, 'ipv4')
privateRanges.addSubnet('fc00::', 7, 'ipv6')
privateRanges.addSubnet('fe80::', 10, 'ipv6')

function isIn(list: BlockList, address: string): boolean {
  const family = isIP(address)
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

/** Without the wrapping of IPv4 in IPv6, and without a zone. */
function plain(address: string): string {
  return address.replace(/^::ffff:/, '').replace(/%.*$/, '')
}

/** An address of Tailscale's ranges; false for a name. */
export function isTailnetAddress(address: string): boolean {
  return isIn(tailnet, plain(address))
}

/** `tailnet` by address, `lan` for a private address of a network that this machine is in, else `direct`. */
export function pathTo(address: string, interfaces: Interfaces): Link['path'] {
  if (isTailnetAddress(address)) return 'tailnet'
  return isSameSubnet(address, interfaces) ? 'lan' : 'direct'
}

/**
 * Where a configuration lets others carry the bytes; null where a socket of our own does. Where a jump host stands, or what a
 * program does with the bytes, is not known, except for Tailscale's.
 */
export function wayByProxy(
  config: Pick<SshConfig, 'proxyCommand' | 'proxyJump' | 'target'>,
): Way | null {
  const { proxyCommand, proxyJump } = config
  if (proxyCommand !== null) return { path: isTailscaleProxy(proxyCommand) ? 'tailnet' : 'proxy' }
  if (proxyJump === null) return null
  const hosts = hopsOf(config).map(({ host }) => host)
  return { path: 'proxy', via: hosts.join(', ') }
}

/** A private address in the subnet of one of this machine's interfaces. */
export function isSameSubnet(address: string, interfaces: Interfaces): boolean {
  const asked = plain(address)
  if (!isIn(privateRanges, asked)) return false
  const subnets = new BlockList()
  for (const { cidr, internal } of Object.values(interfaces).flatMap((list) => list ?? [])) {
    const [network, prefix] = cidr?.split('/') ?? []
    if (internal || network === undefined || prefix === undefined) continue
    subnets.addSubnet(network, Number(prefix), isIP(network) === 6 ? 'ipv6' : 'ipv4')
  }
  return isIn(subnets, asked)
}
