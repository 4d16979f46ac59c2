import { sshError } from '../../../../main/hosts/ssh/errors.ts'
import type { DoctorStepId } from '../../../../preload/contract/doctor.ts'
import type { HostState } from '../../../../preload/contract/fleet.ts'
import type { Hop, Said, Scene } from '../../../support/doctor-scene.ts'
import { sceneNow } from '../../../support/doctor-scene.ts'

export const address = '100.101.102.103'
export const suffix = 'tail1a2b3c.ts.net'
export const to = { address, port: 22 }
export const fingerprint = 'SHA256:5xQjTfrbQyXvNMNpFhXkBbU0uMtEcI3Vb2jOqYd3pVw'
export const otherFingerprint = 'SHA256:0aPj2vO8z5oQmE7bYVdV3Wg1yq9iKc8uXr6TnLh4sDk'
export const keyPath = '/Users/ana/.ssh/id_ed25519'

export const hops = {
  name: { id: 'name', ms: 3, detail: address },
  tcp: { id: 'tcp', ms: 14, detail: `${address}:22` },
  ssh: { id: 'ssh', ms: 46, detail: 'SSH-2.0-OpenSSH_10.0' },
  hostKey: { id: 'host-key', ms: 2, detail: fingerprint },
  login: { id: 'login', ms: 61, detail: keyPath },
  answer: { id: 'first-answer', ms: 38, detail: 'ana@mac-studio' },
} as const satisfies Record<string, Hop>

export const connected: Hop[] = Object.values(hops)

/** Passes the hops before this one. */
export function until(hop: Hop): Hop[] {
  return [
    ...connected.slice(
      0,
      connected.findIndex(({ id }) => id === hop.id),
    ),
    hop,
  ]
}

export const df = `Filesystem   1024-blocks      Used Available Capacity  Mounted on
/dev/disk3s1s1   971350180  11223344 354711776     4%    /
/dev/disk3s5   971350180 610638404 354711776      64%    /System/Volumes/Data
`
export const studio: Record<string, Said> = {
  'df -kP': { stdout: df, durationMs: 22 },
  'ls -d .cursor-server': {
    ...{ stdout: '.cursor-server\n', exitCode: 1, durationMs: 20 },
    stderr: 'ls: .vscode-server: No such file or directory\n',
  },
}

export const self = {
  ...{ ID: 'nSELFCNTRL', HostName: 'macbook', DNSName: `macbook.${suffix}.`, OS: 'macOS' },
  ...{ TailscaleIPs: ['100.75.153.24'], Online: true, KeyExpiry: '2027-03-02T10:00:00Z' },
}
export const peer = {
  ...{ ID: 'nSTUDIOCNTRL', HostName: 'Mac Studio', DNSName: `mac-studio.${suffix}.`, OS: 'macOS' },
  ...{ TailscaleIPs: [address], Online: true, Active: true, CurAddr: '192.168.1.20:41641' },
  ...{ Relay: 'fra', KeyExpiry: '2027-03-02T10:00:00Z' },
}

export function status(fields: Record<string, unknown> = {}, peers: unknown[] = [peer]): Said {
  const status = {
    ...{ Version: '1.102.4-t3caf7d9e7-g084ee3b64', BackendState: 'Running', AuthURL: '' },
    ...{ Self: self, MagicDNSSuffix: suffix, Health: [] },
    ...{ CurrentTailnet: { Name: 'example.com', MagicDNSSuffix: suffix } },
    ...{ Peer: Object.fromEntries(peers.map((one, index) => [`nodekey:${index}`, one])) },
    ...fields,
  }
  return { stdout: `${JSON.stringify(status, null, 2)}\n`, durationMs: 34 }
}

export const app: Said = { stdout: '/Applications/Tailscale.app\n', exitCode: 1 }
export const daemon: Said = { stdout: '/var/run/tailscaled.socket\n', exitCode: 1 }
export const pong: Said = {
  stdout: `pong from mac-studio (${address}) via 192.168.1.20:41641 in 7ms\n`,
  durationMs: 19,
}
export const noPong: Said = {
  stdout: `ping "${address}" timed out\nping "${address}" timed out\n`,
  stderr: 'no reply\n',
  exitCode: 1,
  durationMs: 3_050,
}

export const mac: Record<string, Said> = {
  'ls -d /Applications/Tailscale.app': app,
  'tailscale status --json': status(),
  'tailscale ping': pong,
  zsh: { stdout: '\nstudiolo-agent=/private/tmp/com.apple.launchd.Xq3/Listeners\n' },
}

export const target = `mac-studio.${suffix}`
export const config = { target, tailnetNodeId: 'nSTUDIOCNTRL' }

export function known(readings: HostState['readings']): HostState {
  return {
    ...{ id: 'studio', name: 'Mac Studio', kind: 'ssh', platform: 'darwin', account: 'ana' },
    ...{ role: 'member', readings, samples: [], memoryBar: null, runtimes: [], checks: [] },
    link: {
      ...{ state: 'unreachable', path: 'tailnet', roundTripMs: null, lastAnswerAt: null },
      ...{ since: sceneNow, problem: null, question: null },
    },
  } as HostState
}

export function power(sleepMinutes: number): HostState['readings'] {
  return { power: { kind: 'value', value: { sleepMinutes }, at: '2026-11-20T07:00:00Z' } }
}

export const silentTcp: Hop = { ...hops.tcp, hangs: true }
/** What a program carries has no hops of its own before the server speaks. */
export const byProxy: Hop[] = [
  { id: 'name', ms: 0, isSkipped: true, detail: 'ProxyCommand' },
  { id: 'tcp', ms: 0, isSkipped: true, detail: 'ProxyCommand' },
]
export const noName: Hop = {
  ...hops.name,
  error: sshError('unknown-host-name', { address: target }, 'getaddrinfo ENOTFOUND'),
}

export interface Expected extends Scene {
  broken: DoctorStepId | null
  /** The key of what the broken step found; without one, of the step named by `at`. */
  found: string
  at?: DoctorStepId
  /** Keys that must be among its causes. */
  causes?: readonly string[]
  /** Keys that must be among its remedies. */
  remedies?: readonly string[]
  /** Commands and pages that must be among them. */
  targets?: readonly string[]
  /** Steps that work although an earlier one does not. */
  works?: readonly DoctorStepId[]
  /**
   * How long it may take until the broken step is named.
   * @default 10_000
   */
  namedWithinMs?: number
}

export const base = { config, local: mac, host: studio }

/** By name; the picture and the fixture have it too. */
export type Scenes = Readonly<Record<string, Expected>>
