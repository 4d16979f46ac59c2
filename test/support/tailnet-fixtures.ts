/** Typed states of a tailnet: this machine in `example.com` of ana, and one Studio. */
import type { Reading } from '../../preload/contract/readings.ts'
import type { SshHostConfig } from '../../preload/contract/settings.ts'
import type { Tailnet, TailnetNode, TailnetPeer } from '../../preload/contract/tailnet.ts'

export const tailnetNow = Date.parse('2026-11-20T09:00:00Z')

export function node(fields: Partial<TailnetNode> = {}): TailnetNode {
  return {
    ...{ id: 'nSelf1CNTRL', name: 'laptop', dnsName: 'laptop.tail1a2b3c.ts.net' },
    ...{ addresses: ['100.75.153.24'], os: 'macOS', keyExpiresAt: null, isKeyExpired: false },
    ...{ isOnline: true, hasTailscaleSsh: false },
    ...fields,
  }
}

export function studioPeer(fields: Partial<TailnetPeer> = {}): TailnetPeer {
  return {
    ...node({ id: 'nStudioCNTRL', name: 'mac-studio', dnsName: 'mac-studio.tail1a2b3c.ts.net' }),
    ...{ addresses: ['100.101.20.4'], path: 'direct', relayRegion: 'fra', lastSeenAt: null },
    ...fields,
  }
}

export function tailnetOf(fields: Partial<Tailnet> = {}): Tailnet {
  return {
    ...{ state: 'running', isDaemonRunning: true, variant: 'standalone', version: '1.102.4' },
    ...{ tailnetName: 'example.com', loginName: 'ana@example.com', authUrl: null, self: node() },
    ...{ peers: [studioPeer()], health: [] },
    ...fields,
  }
}

export function tailnetReading(
  fields: Partial<Tailnet> = {},
  at = new Date(tailnetNow).toISOString(),
): Reading<Tailnet> {
  return { kind: 'value', value: tailnetOf(fields), at }
}

export function studioConfig(fields: Partial<SshHostConfig> = {}): SshHostConfig {
  return {
    ...{ kind: 'ssh', id: 'studio', name: 'Mac Studio', target: '100.101.20.4', account: null },
    ...{ port: null, keyPath: null, folderPath: null, alias: null, isControlMasterOn: false },
    ...{ tailnetNodeId: 'nStudioCNTRL', tailnetName: null, lanAddress: null, macAddress: null },
    ...{ platform: null, sleepMinutes: null, sleepReadAt: null, isKeyOffered: false },
    ...fields,
  }
}
