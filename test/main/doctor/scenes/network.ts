import { sshError } from '../../../../main/hosts/ssh/errors.ts'
import {
  base,
  config,
  connected,
  hops,
  known,
  mac,
  noPong,
  peer,
  power,
  type Scenes,
  self,
  silentTcp,
  status,
} from './parts.ts'

/** Tailscale has lost its server: the own node is not online, and its health says since when. */
const withoutServer = {
  Self: { ...self, Online: false },
  Health: [
    "Tailscale hasn't received a network map from the coordination server in 2m5s.",
    'Tailscale could not connect to any relay server. Check your Internet connection.',
  ],
}
/** Of a Mac without a network: Tailscale's own, and what every interface gives itself. */
const ownAddresses = ['100.75.153.24', 'fd7a:115c:a1e0::b039:9918', 'fe80::1cab:5dff:fe00:1']

/** This Mac's own network, and hosts that no tailnet reaches: asleep, waiting for FileVault, alive in the local network. */
export const networkScenes: Scenes = {
  'no-network': {
    ...{ ...base, addresses: ownAddresses },
    // Tailscale still answers for its names
    hops: [hops.name, silentTcp],
    local: {
      ...{ ...mac, 'tailscale ping': noPong },
      'tailscale status --json': status({
        Self: { ...self, Online: false },
        Health: [
          'Tailscale cannot connect because the network is down. Check your Internet connection.',
        ],
      }),
    },
    ...{ broken: 'tailscale-running', found: 'doctor.tailscale-running.no-network' },
    remedies: ['doctor.remedy.check-network-here'],
  },
  'no-network-past-tailnet': {
    ...{ ...base, config: { target: 'studio.office.example' }, addresses: ownAddresses },
    hops: [
      {
        ...hops.name,
        error: sshError('unknown-host-name', { address: 'studio.office.example' }, 'ENOTFOUND'),
      },
    ],
    ...{ broken: 'tcp', found: 'doctor.tcp.no-network' },
    remedies: ['doctor.remedy.check-network-here'],
  },
  'cut-off': {
    ...{ ...base, hops: [hops.name, silentTcp] },
    local: {
      ...{ ...mac, 'tailscale ping': noPong },
      'tailscale status --json': status(withoutServer),
    },
    ...{ broken: 'tailnet-ping', found: 'doctor.tailnet-ping.no-answer' },
    causes: ['doctor.cause.no-internet-here', 'doctor.cause.maybe-asleep'],
    remedies: ['doctor.remedy.check-network-here'],
  },
  'cut-off-alive-in-lan': {
    ...{ ...base, config: { ...config, lanAddress: '192.168.1.20' } },
    hops: [hops.name, silentTcp],
    local: {
      ...{ ...mac, 'tailscale ping': noPong },
      'tailscale status --json': status(withoutServer),
      'ssh -F': {
        stderr: 'ana@192.168.1.20: Permission denied (publickey,password,keyboard-interactive).\n',
        exitCode: 255,
      },
    },
    ...{ broken: 'tailnet-ping', found: 'doctor.tailnet-ping.no-answer' },
    causes: ['doctor.cause.no-internet-here', 'doctor.cause.tailscale-off-there'],
    remedies: ['doctor.remedy.go-by-lan', 'doctor.remedy.check-network-here'],
  },
  'cut-off-but-answers': {
    ...{ ...base, hops: connected, broken: null },
    local: { ...mac, 'tailscale status --json': status(withoutServer) },
    ...{ at: 'tailscale-running', found: 'doctor.tailscale-running.no-server' },
  },
  asleep: {
    ...base,
    config: { ...config, lanAddress: '192.168.1.20', macAddress: '1c:1d:d3:00:00:01' },
    hops: [hops.name, silentTcp],
    local: {
      ...mac,
      'tailscale status --json': status({}, [
        { ...peer, Online: false, Active: false, LastSeen: '2026-11-20T08:00:00Z' },
      ]),
      'tailscale ping': noPong,
      'ssh -F': {
        stderr: 'ssh: connect to host 192.168.1.20 port 22: Host is down\n',
        exitCode: 255,
      },
    },
    state: known(power(10)),
    ...{ broken: 'tailnet-ping', found: 'doctor.tailnet-ping.no-answer' },
    causes: ['doctor.cause.asleep'],
    remedies: ['doctor.remedy.wake', 'doctor.remedy.stay-awake'],
  },
  'never-sleeps': {
    ...{ ...base, hops: [hops.name, silentTcp] },
    local: { ...mac, 'tailscale ping': noPong },
    state: known(power(0)),
    ...{ broken: 'tailnet-ping', found: 'doctor.tailnet-ping.no-answer' },
    causes: ['doctor.cause.switched-off', 'doctor.cause.filevault-wait'],
  },
  'asleep-after-restart': {
    ...base,
    // nothing was asked since the app started: the settings remember it
    config: {
      ...{ ...config, lanAddress: '192.168.1.20', macAddress: '1c:1d:d3:00:00:01' },
      ...{ platform: 'darwin', sleepMinutes: 10, sleepReadAt: '2026-11-18T09:00:00Z' },
    },
    hops: [hops.name, silentTcp],
    local: { ...mac, 'tailscale ping': noPong },
    ...{ broken: 'tailnet-ping', found: 'doctor.tailnet-ping.no-answer' },
    causes: ['doctor.cause.asleep'],
    remedies: ['doctor.remedy.wake', 'doctor.remedy.stay-awake'],
    targets: ['sudo pmset -a sleep 0'],
  },
  'filevault-wait': {
    ...{ ...base, config: { ...config, lanAddress: '192.168.1.20' } },
    hops: [hops.name, silentTcp],
    local: {
      ...mac,
      'tailscale status --json': status({}, [{ ...peer, Online: false, Active: false }]),
      'tailscale ping': noPong,
      'ssh -F': { stderr: 'ana@192.168.1.20: Permission denied (password).\n', exitCode: 255 },
    },
    state: known(power(0)),
    ...{ broken: 'tailnet-ping', found: 'doctor.tailnet-ping.no-answer' },
    causes: ['doctor.cause.filevault'],
    remedies: ['doctor.remedy.unlock-filevault'],
  },
  'alive-in-lan': {
    ...{ ...base, config: { ...config, lanAddress: '192.168.1.20' } },
    hops: [hops.name, silentTcp],
    local: {
      ...mac,
      'tailscale ping': noPong,
      'ssh -F': {
        stderr: 'ana@192.168.1.20: Permission denied (publickey,password,keyboard-interactive).\n',
        exitCode: 255,
      },
    },
    ...{ broken: 'tailnet-ping', found: 'doctor.tailnet-ping.no-answer' },
    causes: ['doctor.cause.tailscale-off-there', 'doctor.cause.switched-account'],
  },
}
