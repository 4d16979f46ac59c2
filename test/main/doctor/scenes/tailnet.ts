import {
  address,
  base,
  connected,
  hops,
  mac,
  noName,
  noPong,
  peer,
  type Scenes,
  self,
  silentTcp,
  status,
  suffix,
} from './parts.ts'

const renamedStatus = status({}, [{ ...peer, DNSName: `atelier.${suffix}.` }])

/** Whether the Host is in this Mac's tailnet, and answers a ping there. */
export const tailnetScenes: Scenes = {
  'wrong-tailnet': {
    ...{ ...base, hops: [noName] },
    local: {
      ...mac,
      'tailscale status --json': status(
        {
          ...{ Self: { ...self, DNSName: 'macbook.tail9z8y7x.ts.net.' } },
          ...{ MagicDNSSuffix: 'tail9z8y7x.ts.net' },
          CurrentTailnet: { Name: 'ana.private', MagicDNSSuffix: 'tail9z8y7x.ts.net' },
        },
        [],
      ),
    },
    ...{ broken: 'same-tailnet', found: 'doctor.same-tailnet.other' },
    remedies: ['doctor.remedy.switch-tailnet'],
  },
  'wrong-tailnet-by-node': {
    ...{ ...base, config: { target: address, tailnetNodeId: 'nSTUDIOCNTRL' } },
    hops: [hops.name, silentTcp],
    local: { ...mac, 'tailscale status --json': status({}, []) },
    ...{ broken: 'same-tailnet', found: 'doctor.same-tailnet.node-missing' },
    causes: ['doctor.cause.other-login', 'doctor.cause.node-removed'],
  },
  'wrong-tailnet-seen-before': {
    ...base,
    config: { target: address, tailnetNodeId: 'nSTUDIOCNTRL', tailnetName: 'lab.example' },
    hops: [hops.name, silentTcp],
    local: { ...mac, 'tailscale status --json': status({}, []) },
    ...{ broken: 'same-tailnet', found: 'doctor.same-tailnet.seen-elsewhere' },
    remedies: ['doctor.remedy.switch-tailnet'],
  },
  'gone-from-tailnet': {
    ...base,
    config: { target: address, tailnetNodeId: 'nSTUDIOCNTRL', tailnetName: 'example.com' },
    hops: [hops.name, silentTcp],
    local: { ...mac, 'tailscale status --json': status({}, []) },
    ...{ broken: 'peer-known', found: 'doctor.peer-known.missing' },
  },
  renamed: {
    ...{ ...base, hops: connected, local: { ...mac, 'tailscale status --json': renamedStatus } },
    ...{ broken: null, at: 'peer-known', found: 'doctor.peer-known.renamed' },
  },
  'renamed-and-lost': {
    ...{ ...base, hops: [noName], local: { ...mac, 'tailscale status --json': renamedStatus } },
    ...{ broken: 'tcp', found: 'doctor.tcp.no-name' },
    causes: ['doctor.cause.renamed'],
    remedies: ['doctor.remedy.use-tailnet'],
  },
  'peer-unknown': {
    ...{ ...base, hops: [noName] },
    local: { ...mac, 'tailscale status --json': status({}, []) },
    ...{ broken: 'peer-known', found: 'doctor.peer-known.missing' },
    causes: ['doctor.cause.node-removed', 'doctor.cause.policy-hides'],
  },
  'address-unknown': {
    ...{ ...base, config: { target: address }, hops: [hops.name, silentTcp] },
    local: { ...mac, 'tailscale status --json': status({}, []) },
    ...{ broken: 'peer-known', at: 'same-tailnet', found: 'doctor.same-tailnet.cannot-tell' },
  },
  'peer-without-address': {
    ...{ ...base, hops: connected, broken: null },
    local: { ...mac, 'tailscale status --json': status({}, [{ ...peer, TailscaleIPs: null }]) },
    ...{ at: 'tailnet-ping', found: 'doctor.tailnet-ping.not-asked' },
  },
  'peer-key-expired': {
    ...{ ...base, hops: [hops.name, silentTcp] },
    local: { ...mac, 'tailscale status --json': status({}, [{ ...peer, Expired: true }]) },
    ...{ broken: 'peer-known', found: 'doctor.peer-known.key-expired' },
  },
  relay: {
    ...{ ...base, hops: connected, broken: null },
    local: {
      ...mac,
      'tailscale ping': {
        stdout: `pong from mac-studio (${address}) via DERP(hel) in 81ms\ndirect connection not established\n`,
        exitCode: 1,
        durationMs: 2_100,
      },
    },
    ...{ at: 'tailnet-ping', found: 'doctor.tailnet-ping.relay' },
    causes: ['doctor.cause.udp-blocked'],
  },
  // as Tailscale's cmd/tailscale/cli/ping.go writes it
  'peer-relay': {
    ...{ ...base, hops: connected, broken: null },
    local: {
      ...mac,
      'tailscale ping': {
        stdout: `pong from mac-studio (${address}) via peer-relay(203.0.113.9:7777:vni:12) in 24ms\ndirect connection not established\n`,
        exitCode: 1,
        durationMs: 2_050,
      },
    },
    ...{ at: 'tailnet-ping', found: 'doctor.tailnet-ping.peer-relay' },
    causes: ['doctor.cause.udp-blocked', 'doctor.cause.hard-nat'],
  },
  'ping-hangs': {
    ...{ ...base, hops: connected, broken: null },
    local: { ...mac, 'tailscale ping': 'hangs' },
    ...{ at: 'tailnet-ping', found: 'doctor.tailnet-ping.unknown' },
  },
  'ping-fails': {
    ...{ ...base, hops: [hops.name, silentTcp] },
    local: { ...mac, 'tailscale ping': noPong },
    ...{ broken: 'tailnet-ping', found: 'doctor.tailnet-ping.no-answer' },
    causes: ['doctor.cause.maybe-asleep', 'doctor.cause.no-network-there'],
  },
  'ping-lost-but-works': {
    ...{ ...base, hops: connected, broken: null },
    local: { ...mac, 'tailscale ping': noPong },
    ...{ at: 'tailnet-ping', found: 'doctor.tailnet-ping.no-answer' },
  },
}
