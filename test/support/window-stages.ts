import { diffOf } from '../../main/connect/ssh-config/edit.ts'
import { errorInfo } from '../../main/core/errors.ts'
import type { ConnectTool } from '../../preload/contract/connect.ts'
import type { KeySetUpStep } from '../../preload/contract/hosts.ts'
import { plainHost } from '../../preload/contract/plain-host.ts'
import type { Reading } from '../../preload/contract/readings.ts'
import type { SshHostConfig } from '../../preload/contract/settings.ts'
import type { SshConfigState } from '../../preload/contract/ssh-config.ts'
import type { Tailnet, TailnetNode, TailnetPeer } from '../../preload/contract/tailnet.ts'
import type { Tunnel } from '../../preload/contract/tunnels.ts'
import { isoAt, job, link, studioHost, thisMac, unknown, value } from './fleet-fixtures.ts'
import type { Stage } from './staged-app.ts'

const dayMs = 86_400_000
const suffix = 'tail1a2b3c.ts.net'

function node(name: string, fields: Partial<TailnetNode> = {}): TailnetNode {
  return {
    ...{ id: `n-${name}`, name, dnsName: `${name}.${suffix}`, addresses: ['100.75.153.24'] },
    ...{ os: 'macOS', keyExpiresAt: isoAt(-128 * dayMs), isKeyExpired: false },
    ...{ isOnline: true, hasTailscaleSsh: false },
    ...fields,
  }
}

function peer(name: string, fields: Partial<TailnetPeer> = {}): TailnetPeer {
  return {
    ...node(name),
    ...{ path: 'idle', relayRegion: 'fra', lastSeenAt: null, keyExpiresAt: null },
    ...fields,
  }
}

const self = node('anas-macbook', { addresses: ['100.75.153.24', 'fd7a:115c:a1e0::b3a:991a'] })

const running: Tailnet = {
  ...{ state: 'running', isDaemonRunning: true, variant: 'app-store', version: '1.102.4' },
  ...{ tailnetName: 'example.org', loginName: 'ana@example.org', authUrl: null, self, health: [] },
  peers: [
    peer('mac-studio', { addresses: ['100.101.20.4'], path: 'direct' }),
    peer('studio-berlin', { addresses: ['100.96.3.77'], path: 'relay', hasTailscaleSsh: true }),
    peer('render-01', {
      ...{ addresses: ['100.88.14.2'], os: 'linux', keyExpiresAt: isoAt(-3 * dayMs) },
    }),
    peer('anas-iphone', { addresses: ['100.120.27.49'], os: 'iOS' }),
    peer('old-mac-mini', {
      ...{ addresses: ['100.90.1.9'], isOnline: false, lastSeenAt: isoAt(12 * dayMs) },
      ...{ keyExpiresAt: isoAt(2 * dayMs), isKeyExpired: true },
    }),
  ],
}

/** It runs without reaching its server. */
const cutOff: Tailnet = { ...running, self: { ...self, isOnline: false } }

const mac: SshHostConfig = {
  ...{ kind: 'ssh', id: 'studio', name: 'Mac Studio', target: '100.101.20.4', ...plainHost },
  ...{ tailnetNodeId: 'n-mac-studio', alias: 'mac-studio-tailscale', account: 'ana' },
  macAddress: 'a8:51:ab:0c:12:34',
}

const ownConfig = `# at work
Host studio-berlin
  HostName studio-berlin.example.net
`
const ownText = `Host mac-studio-tailscale
  HostName 100.101.20.4
  User ana
  ServerAliveInterval 15
`

const sshConfig: SshConfigState = {
  state: 'not-included',
  ...{ path: '~/.ssh/config', resolvedPath: '~/.ssh/config' },
  ...{ ownPath: '~/.ssh/studiolo.config', ownText, revision: '1' },
  diff: diffOf(Buffer.from(ownConfig), 'Include ~/.ssh/studiolo.config'),
  ...{ conflicts: [], unwritable: [], problem: null },
}

const included: SshConfigState = { ...sshConfig, state: 'included', diff: [] }

const tools: ConnectTool[] = [
  { id: 'cursor', name: 'Cursor', kind: 'editor', isInstalled: true },
  { id: 'windsurf', name: 'Windsurf', kind: 'editor', isInstalled: false },
  { id: 'vscode', name: 'VS Code', kind: 'editor', isInstalled: true },
  { id: 'terminal', name: 'Terminal', kind: 'terminal', isInstalled: true },
  { id: 'ghostty', name: 'Ghostty', kind: 'terminal', isInstalled: false },
]

const tunnels: Tunnel[] = [
  {
    ...{ id: 't1', hostId: 'studio', name: 'Ollama', remotePort: 11434, localPort: 11434 },
    ...{ openedAt: isoAt(2_520_000), connectionCount: 2, problem: null },
  },
  {
    ...{ id: 't2', hostId: 'studio', name: 'JupyterLab', remotePort: 8888, localPort: 8889 },
    ...{ openedAt: isoAt(40_000), connectionCount: 0 },
    problem: {
      ...errorInfo('refused', { address: '127.0.0.1', port: 8888 }),
      message: { key: 'tunnels.nothing-listens', params: { name: 'Mac Studio', port: 8888 } },
    },
  },
]

function stage(reading: Reading | undefined, fields: Partial<Stage> = {}): Stage {
  return {
    settings: { hosts: [mac], isSshConfigOffered: true },
    fleet: { hosts: [studioHost(), local(reading)], tunnels },
    ...{ sshConfig: included, tools },
    ...fields,
  }
}

function local(reading: Reading | undefined) {
  return thisMac({ readings: reading === undefined ? {} : { tailnet: reading } })
}

function tailnetStage(fields: Partial<Tailnet>, rest: Partial<Stage> = {}): Stage {
  return stage(value({ ...running, ...fields }, 12_000), {
    ...rest,
    fleet: {
      hosts: [studioHost(), local(value({ ...running, ...fields }, 12_000))],
      ...rest.fleet,
    },
  })
}

const notLoggedIn: Partial<Tailnet> = {
  ...{ state: 'needs-login', tailnetName: null, loginName: null, self: null, peers: [] },
  authUrl: 'https://login.tailscale.com/a/00000000000000',
}

const answered = (id: KeySetUpStep['id'], detail: string | null): KeySetUpStep => ({
  ...{ id, state: 'passed', detail, error: null },
})
const made = answered('make-key', '~/.ssh/id_ed25519')

const hop = (id: 'name' | 'tcp' | 'ssh' | 'host-key' | 'login', detail: string, ms: number) => ({
  ...{ id, state: 'passed' as const, durationMs: ms, detail, error: null },
})

const keyRefused: NonNullable<Stage['test']> = [
  {
    steps: [
      hop('name', '100.101.20.4', 0),
      hop('tcp', '100.101.20.4:22', 4),
      hop('ssh', 'SSH-2.0-OpenSSH_9.9', 9),
      hop('host-key', 'SHA256:uNiVztksCsDhcc0u9e8BrCODrD8mVkIBzDhGNOVDc0E', 3),
      {
        ...{ id: 'login', state: 'failed', durationMs: 175, detail: null },
        error: errorInfo('auth', { address: 'mac-studio', account: 'ana' }),
      },
      { ...{ id: 'first-answer', state: 'skipped', durationMs: null, detail: null, error: null } },
    ],
    ...{ question: null, isDone: true },
  },
]

const unreachable = studioHost({
  link: link({
    ...{ state: 'unreachable', path: 'tailnet', roundTripMs: null },
    problem: errorInfo('unreachable'),
  }),
})

/** States of the window for pictures and tests, by name. */
export const stages = {
  connected: stage(value(running, 12_000), { sshConfig }),
  relayed: tailnetStage(
    {
      ...{ variant: 'daemon', peers: [] },
      health: [
        'Tailscale can’t reach the configured DNS servers. Internet connectivity may be affected.',
      ],
    },
    { fleet: { tunnels: [] } },
  ),
  offline: stage(value(cutOff, 12_000), {
    fleet: { hosts: [unreachable, local(value(cutOff, 12_000))], tunnels: [] },
  }),
  'not-installed': stage(unknown('not-installed'), {
    fleet: { hosts: [local(unknown('not-installed'))] },
  }),
  asking: stage(undefined, { fleet: { hosts: [local(undefined)] } }),
  unknown: stage(undefined, {
    fleet: {
      hosts: [local(unknown('timed-out', 'tailscale status --json: no answer after 10 s'))],
    },
    sshConfig: errorInfo('file-unwritable', { path: '~/.ssh/config' }),
  }),
  stopped: tailnetStage(
    { state: 'stopped', variant: 'daemon', peers: [] },
    {
      sshConfig: {
        ...sshConfig,
        ...{ state: 'blocked', diff: [], resolvedPath: '~/dotfiles/ssh/config' },
        problem: errorInfo('file-unwritable', { path: '~/dotfiles/ssh/config' }),
      },
      fleet: {
        jobs: [
          job({
            ...{ hostId: 'this-machine', kind: 'tailnet-up', subject: 'tailscale' },
            ...{ state: 'failed', title: { key: 'job.tailnet-up' } },
            error: {
              ...{ code: 'not-permitted', message: { key: 'error.tailnet-not-permitted' } },
              detail: 'Access denied: prefs write access denied',
              remedy: {
                ...{
                  kind: 'run-command',
                  where: 'here',
                  text: { key: 'error.remedy.tailnet-operator' },
                },
                target: 'sudo tailscale set --operator=$USER',
              },
            },
          }),
        ],
      },
    },
  ),
  'log-in': tailnetStage(notLoggedIn, {
    sshConfig: {
      ...included,
      conflicts: [{ hostId: 'studio', alias: 'mac-studio-tailscale', path: '~/.ssh/config' }],
    },
    fleet: {
      jobs: [
        job({
          ...{ hostId: 'this-machine', kind: 'tailnet-log-in', subject: 'tailscale' },
          title: { key: 'job.tailnet-log-in' },
        }),
      ],
    },
  }),
  guest: stage(value(running, 12_000), {
    ...{ role: 'guest', sshConfig },
    include: errorInfo('changed-meanwhile'),
  }),
  offer: {
    ...stage(value(running)),
    ...{ settings: { hosts: [mac] }, sshConfig },
    fleet: { hosts: [unreachable, local(value(running))] },
    test: keyRefused,
    keySetUp: [
      {
        steps: [made, { id: 'log-in', state: 'asking', detail: 'ana@mac-studio', error: null }],
        question: { kind: 'secret', what: 'password', subject: 'ana@mac-studio', isRetry: false },
        ...{ keyPath: null, isDone: false },
      },
    ],
  },
  'key-done': {
    ...stage(value(running)),
    test: keyRefused,
    keySetUp: [
      {
        steps: [
          made,
          answered('log-in', 'ana@mac-studio'),
          answered('put-key', '~/.ssh/authorized_keys'),
          answered('test-key', 'SHA256:uNiVztksCsDhcc0u9e8BrCODrD8mVkIBzDhGNOVDc0E'),
        ],
        ...{ question: null, keyPath: '~/.ssh/id_ed25519', isDone: true },
      },
    ],
  },
} satisfies Record<string, Stage>
