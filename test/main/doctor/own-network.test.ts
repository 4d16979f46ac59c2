import type { NetworkInterfaceInfo } from 'node:os'
import { describe, expect, it } from 'vitest'
import { hasNetwork } from '../../../main/doctor/own-network.ts'

function having(...addresses: string[]): boolean {
  return hasNetwork({ interfaces: () => ({ en0: addresses.map(listed), utun3: undefined }) })
}

function listed(address: string): NetworkInterfaceInfo {
  return { address, internal: address === '127.0.0.1' || address === '::1' } as NetworkInterfaceInfo
}

describe('a network of this computer', () => {
  it.each([
    ['nothing', []],
    ['loopback', ['127.0.0.1', '::1']],
    ['what a Mac gives every interface', ['fe80::1cab:5dff:fe00:1', 'FE80::1%awdl0']],
  ])('is not %s', (_, addresses) => {
    expect(having(...addresses)).toBe(false)
  })

  it.each(['utun4', 'tailscale0'])('is not what Tailscale has on %s', (name) => {
    const addresses = ['100.101.102.103', 'fd7a:115c:a1e0::1', 'fe80::1'].map(listed)
    expect(hasNetwork({ interfaces: () => ({ [name]: addresses }) })).toBe(false)
  })

  it.each([
    ['192.168.1.7'],
    ['203.0.113.9'],
    ['2001:db8::7'],
    ['fd00::7'],
    // two Macs on one cable
    ['169.254.20.7'],
    // of a carrier that shares its addresses among customers (RFC 6598), as Tailscale does
    ['100.72.3.4'],
  ])('is %s', (address) => {
    expect(having('127.0.0.1', address)).toBe(true)
  })

  it('is another VPN', () => {
    expect(hasNetwork({ interfaces: () => ({ utun5: [listed('10.8.0.2')] }) })).toBe(true)
  })
})
