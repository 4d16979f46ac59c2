import { sshError } from '../../../../main/hosts/ssh/errors.ts'
import {
  base,
  byProxy,
  connected,
  daemon,
  hops,
  mac,
  noName,
  type Scenes,
  self,
  silentTcp,
  status,
  to,
} from './parts.ts'

/** Tailscale on this Mac: installed, running, logged in. */
export const tailscaleScenes: Scenes = {
  'not-installed': {
    ...{ ...base, local: {}, hops: [noName] },
    ...{ broken: 'tailscale-installed', found: 'doctor.tailscale-installed.missing' },
    remedies: ['doctor.remedy.install-tailscale'],
  },
  'not-running': {
    ...{ ...base, hops: [noName] },
    local: {
      ...mac,
      'tailscale status --json': {
        stderr: "failed to connect to local tailscaled; it doesn't appear to be running\n",
        exitCode: 1,
      },
    },
    ...{ broken: 'tailscale-running', found: 'doctor.tailscale-running.not-running' },
    remedies: ['doctor.remedy.open-app'],
  },
  'not-running-daemon': {
    ...{ ...base, hops: [noName] },
    local: {
      ...{ ...mac, 'ls -d /Applications/Tailscale.app': daemon },
      'tailscale status --json': {
        stderr: "failed to connect to local tailscaled; it doesn't appear to be running\n",
        exitCode: 1,
      },
    },
    ...{ broken: 'tailscale-running', found: 'doctor.tailscale-running.not-running' },
    ...{
      remedies: ['doctor.remedy.start-daemon'],
      targets: ['sudo brew services start tailscale'],
    },
  },
  stopped: {
    ...{ ...base, hops: [noName] },
    local: { ...mac, 'tailscale status --json': status({ BackendState: 'Stopped', Peer: null }) },
    ...{ broken: 'tailscale-running', found: 'doctor.tailscale-running.switched-off' },
    remedies: ['doctor.remedy.switch-on-app'],
  },
  'stopped-daemon': {
    ...{ ...base, hops: [noName] },
    local: {
      ...{ ...mac, 'ls -d /Applications/Tailscale.app': daemon },
      'tailscale status --json': status({ BackendState: 'Stopped', Peer: null }),
    },
    ...{ broken: 'tailscale-running', found: 'doctor.tailscale-running.switched-off' },
    ...{ remedies: ['doctor.remedy.switch-on'], targets: ['tailscale up'] },
  },
  // no output of a shared Mac was at hand: the name of the state is from Tailscale's ipn/backend.go
  'other-account': {
    ...{ ...base, hops: [noName] },
    local: {
      ...mac,
      'tailscale status --json': status({ BackendState: 'InUseOtherUser', Self: null, Peer: null }),
    },
    ...{ broken: 'tailscale-running', found: 'doctor.tailscale-running.other-account' },
    remedies: ['doctor.remedy.other-account'],
  },
  starting: {
    ...{ ...base, hops: [noName] },
    local: { ...mac, 'tailscale status --json': status({ BackendState: 'Starting', Peer: null }) },
    ...{ broken: 'tailscale-running', found: 'doctor.tailscale-running.starting' },
    remedies: ['doctor.remedy.wait-and-try'],
  },
  // in the words of test/fixtures/probes/tailnet/synthetic/macos-any-gui-failed.txt, with exit status 0
  'tailscale-unclear': {
    ...{ ...base, hops: connected, broken: null },
    local: {
      ...mac,
      'tailscale status --json': {
        stdout: 'The Tailscale GUI failed to start: Error Domain=TailscaleErrorDomain Code=1\n',
      },
    },
    ...{ at: 'tailscale-running', found: 'doctor.tailscale-running.unrecognised' },
    remedies: ['doctor.remedy.restart-tailscale'],
  },
  'works-without-tailscale': {
    ...{
      ...base,
      config: { target: 'mac-studio', tailnetNodeId: 'nSTUDIOCNTRL' },
      hops: connected,
    },
    local: { ...mac, 'tailscale status --json': status({ BackendState: 'Stopped', Peer: null }) },
    ...{ broken: null, at: 'tailscale-running', found: 'doctor.tailscale-running.switched-off' },
  },
  'tailscale-hangs': {
    ...{ ...base, hops: [hops.name, silentTcp] },
    local: { ...mac, 'tailscale status --json': 'hangs' },
    ...{ broken: 'tcp', found: 'doctor.tcp.timeout' },
  },
  'logged-out': {
    ...{ ...base, hops: [noName] },
    local: {
      ...mac,
      'tailscale status --json': status({
        ...{ BackendState: 'NeedsLogin', AuthURL: 'https://login.tailscale.com/a/3f1c0d9e2b' },
        ...{ Self: { HostName: 'macbook', DNSName: '', TailscaleIPs: null }, Peer: null },
        Health: ['Tailscale is stopped.'],
      }),
    },
    ...{ broken: 'tailscale-logged-in', found: 'doctor.tailscale-logged-in.signed-out' },
    remedies: ['doctor.remedy.log-in-page'],
  },
  'logged-out-daemon': {
    ...{ ...base, hops: [noName] },
    local: {
      ...{ ...mac, 'ls -d /Applications/Tailscale.app': daemon },
      'tailscale status --json': status({
        ...{ BackendState: 'NeedsLogin', Peer: null },
        Self: { HostName: 'macbook', DNSName: '', TailscaleIPs: null },
      }),
    },
    ...{ broken: 'tailscale-logged-in', found: 'doctor.tailscale-logged-in.signed-out' },
    ...{ remedies: ['doctor.remedy.log-in-command'], targets: ['tailscale up'] },
  },
  'logged-out-by-proxy': {
    ...{ ...base, sshG: 'proxycommand tailscale nc %h %p' },
    hops: [
      ...byProxy,
      // as seen with tailscale 1.102.5: it says so on stdout
      { ...hops.ssh, error: sshError('not-ssh', to, '"Logged out."') },
    ],
    local: {
      ...mac,
      'tailscale status --json': status({
        ...{ BackendState: 'NeedsLogin', Peer: null },
        Self: { HostName: 'macbook', DNSName: '', TailscaleIPs: null },
      }),
    },
    ...{ broken: 'tailscale-logged-in', found: 'doctor.tailscale-logged-in.signed-out' },
  },
  'key-expired': {
    ...{ ...base, hops: [noName] },
    local: {
      ...mac,
      // the own node still says that it is online, as seen with headscale
      'tailscale status --json': status({
        BackendState: 'NeedsLogin',
        Self: { ...self, Online: true, Expired: true, KeyExpiry: '2026-11-19T09:00:00Z' },
      }),
    },
    ...{ broken: 'tailscale-logged-in', found: 'doctor.tailscale-logged-in.expired-at' },
  },
  'key-expired-daemon': {
    ...{ ...base, hops: [noName] },
    local: {
      ...{ ...mac, 'ls -d /Applications/Tailscale.app': daemon },
      'tailscale status --json': status({
        BackendState: 'NeedsLogin',
        Self: { ...self, Expired: true, KeyExpiry: '2026-11-19T09:00:00Z' },
      }),
    },
    ...{ broken: 'tailscale-logged-in', found: 'doctor.tailscale-logged-in.expired-at' },
    ...{ remedies: ['doctor.remedy.log-in-command'], targets: ['tailscale up'] },
  },
  // Tailscale leaves the time out where it has none (ipnstate.PeerStatus)
  'key-expired-undated': {
    ...{ ...base, hops: [noName] },
    local: {
      ...mac,
      'tailscale status --json': status({
        BackendState: 'NeedsLogin',
        Self: { ...self, Expired: true, KeyExpiry: undefined },
      }),
    },
    ...{ broken: 'tailscale-logged-in', found: 'doctor.tailscale-logged-in.expired' },
  },
  'needs-approval': {
    ...{ ...base, hops: [noName] },
    local: {
      ...mac,
      'tailscale status --json': status({ BackendState: 'NeedsMachineAuth', Peer: null }),
    },
    ...{ broken: 'tailscale-logged-in', found: 'doctor.tailscale-logged-in.needs-approval' },
    ...{
      remedies: ['doctor.remedy.approve'],
      targets: ['https://login.tailscale.com/admin/machines'],
    },
  },
  'key-expired-while-running': {
    ...{ ...base, hops: [hops.name, silentTcp] },
    local: {
      ...{ ...mac, 'ls -d /Applications/Tailscale.app': daemon },
      'tailscale status --json': status({ Self: { ...self, KeyExpiry: '2026-11-20T08:59:00Z' } }),
    },
    ...{ broken: 'tailscale-logged-in', found: 'doctor.tailscale-logged-in.expired-at' },
    ...{ remedies: ['doctor.remedy.renew-key-command'], targets: ['tailscale up --force-reauth'] },
  },
  'key-expires-soon': {
    ...{ ...base, hops: connected, broken: null },
    local: {
      ...mac,
      'tailscale status --json': status({ Self: { ...self, KeyExpiry: '2026-11-25T09:00:00Z' } }),
    },
    ...{ at: 'tailscale-logged-in', found: 'doctor.tailscale-logged-in.expires-soon' },
    targets: ['https://tailscale.com/kb/1028/key-expiry'],
  },
  'key-expires-soon-daemon': {
    ...{ ...base, hops: connected, broken: null },
    local: {
      ...{ ...mac, 'ls -d /Applications/Tailscale.app': daemon },
      'tailscale status --json': status({ Self: { ...self, KeyExpiry: '2026-11-25T09:00:00Z' } }),
    },
    ...{ at: 'tailscale-logged-in', found: 'doctor.tailscale-logged-in.expires-soon' },
    ...{ remedies: ['doctor.remedy.renew-key-command'], targets: ['tailscale up --force-reauth'] },
  },
}
