import { describe, expect, it } from 'vitest'
import { plainHost } from '../../../preload/contract/plain-host.ts'
import type { Tailnet, TailnetPeer } from '../../../preload/contract/tailnet.ts'
import {
  addressOf,
  hostOfPeer,
  keyStateOf,
  sortPeers,
  stateKey,
  stateTone,
} from '../../../renderer/window/connect/tailnet-words.ts'

const now = Date.parse('2026-11-20T09:00:00.000Z')

function peer(fields: Partial<TailnetPeer>): TailnetPeer {
  return {
    ...{ id: 'nSTUDIO', name: 'mac-studio', dnsName: 'mac-studio.tail1a2b3c.ts.net', os: 'macOS' },
    addresses: ['100.101.20.4', 'fd7a:115c:a1e0::1'],
    ...{ keyExpiresAt: null, isKeyExpired: false, isOnline: true, hasTailscaleSsh: false },
    ...{ path: 'direct', relayRegion: null, lastSeenAt: null },
    ...fields,
  }
}

describe('the key of a node', () => {
  it.each([
    [{ keyExpiresAt: null }, 'never'],
    [{ keyExpiresAt: '2027-03-28T04:07:50Z' }, 'far'],
    [{ keyExpiresAt: '2026-12-04T08:59:59Z' }, 'near'],
    [{ keyExpiresAt: '2026-12-04T09:00:01Z' }, 'far'],
    [{ keyExpiresAt: '2026-11-20T08:00:00Z' }, 'expired'],
    [{ keyExpiresAt: '2027-03-28T04:07:50Z', isKeyExpired: true }, 'expired'],
  ])('of %j is %s', (fields, state) => expect(keyStateOf(peer(fields), now)).toBe(state))
})

describe('the state of this machine’s Tailscale', () => {
  const running: Tailnet = {
    ...{ state: 'running', isDaemonRunning: true, variant: 'daemon', version: '1.102.4' },
    ...{ tailnetName: 'example.org', loginName: 'ana@example.org', authUrl: null },
    ...{ self: peer({ name: 'macbook' }), peers: [], health: [] },
  }

  it.each([
    [{}, 'running', 'good'],
    [{ self: peer({ isOnline: false }) }, 'offline', 'warn'],
    [{ health: ['Tailscale can’t reach the configured DNS servers.'] }, 'running', 'warn'],
    [{ state: 'stopped' }, 'stopped', 'none'],
    [{ state: 'stopped', isDaemonRunning: false, self: null }, 'not-running', 'none'],
    [{ state: 'needs-login', self: null, health: ['logged out'] }, 'needs-login', 'warn'],
    [{ state: 'starting', self: peer({ isOnline: false }) }, 'starting', 'none'],
  ] as const)('%j is said as %s, with a mark that is %s', (fields, key, tone) => {
    const tailnet = { ...running, ...fields } as Tailnet
    expect([stateKey(tailnet), stateTone(tailnet)]).toEqual([key, tone])
  })
})

describe('a peer', () => {
  const host = { kind: 'ssh', id: 'h', name: 'Studio', ...plainHost } as const

  it('is the Host that was added from it, after a rename too', () => {
    const renamed = peer({ name: 'upstairs', dnsName: 'upstairs.tail1a2b3c.ts.net' })
    const hosts = [{ ...host, target: 'mac-studio', tailnetNodeId: 'nSTUDIO' }]
    expect(hostOfPeer(renamed, hosts)).toBe(hosts[0])
  })

  it.each([
    'mac-studio',
    'ana@Mac-Studio.tail1a2b3c.ts.net',
    'ana@example.net@mac-studio',
    '100.101.20.4',
    'fd7a:115c:a1e0::1',
  ])('is the Host that is reached as %s', (target) => {
    expect(hostOfPeer(peer({}), [{ ...host, target }])).toBeDefined()
  })

  it('is not a Host that only has its old name', () => {
    const hosts = [{ ...host, target: 'mac-studio', tailnetNodeId: 'nOTHER' }]
    expect(hostOfPeer(peer({}), hosts)).toBeUndefined()
  })

  it('is added by its IPv4 address, and by IPv6 where it has no other', () => {
    expect(addressOf(peer({}))).toBe('100.101.20.4')
    expect(addressOf(peer({ addresses: ['fd7a:115c:a1e0::1'] }))).toBe('fd7a:115c:a1e0::1')
  })
})

it('lists those that are online first, then those that can be a Host, then by name', () => {
  const peers = [
    peer({ name: 'aa', os: 'iOS' }),
    peer({ name: 'c' }),
    peer({ name: 'a', isOnline: false }),
    peer({ name: 'b', isOnline: true }),
  ]
  expect(sortPeers(peers).map(({ name }) => name)).toEqual(['b', 'c', 'aa', 'a'])
})
