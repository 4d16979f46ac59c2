import type { Tailnet, TailnetPeer } from '../../preload/contract/tailnet.ts'

/** A tailnet of one machine that is well, but for what a test says. */
export function tailnetWith(fields: Partial<Tailnet> = {}): Tailnet {
  const { path, relayRegion, lastSeenAt, ...self } = peerWith({
    ...{ id: 'nSELFCNTRL', name: 'macbook', dnsName: 'macbook.tail1.ts.net' },
    addresses: ['100.64.0.1', 'fd7a:115c:a1e0::1'],
  })
  return {
    ...{ state: 'running', isDaemonRunning: true, variant: 'daemon', version: '1.102.4' },
    ...{ tailnetName: 'example.com', loginName: 'ana@example.com', authUrl: null },
    ...{ self, peers: [], health: [], ...fields },
  }
}

export function peerWith(fields: Partial<TailnetPeer> = {}): TailnetPeer {
  return {
    ...{ id: 'nSTUDIOCNTRL', name: 'mac-studio', dnsName: 'mac-studio.tail1.ts.net' },
    ...{ addresses: ['100.64.0.2', 'fd7a:115c:a1e0::2'], os: 'macOS', keyExpiresAt: null },
    ...{ isKeyExpired: false, isOnline: true, hasTailscaleSsh: false },
    ...{ path: 'idle', relayRegion: null, lastSeenAt: null, ...fields },
  }
}
