import { sshError } from '../../../../main/hosts/ssh/errors.ts'
import {
  address,
  base,
  byProxy,
  config,
  connected,
  hops,
  known,
  noName,
  type Scenes,
  silentTcp,
  target,
  to,
  until,
} from './parts.ts'

/** From an address to a connection, by TCP or through a program. */
export const tcpScenes: Scenes = {
  refused: {
    ...base,
    hops: until({ ...hops.tcp, error: sshError('refused', to, 'connect ECONNREFUSED') }),
    ...{ broken: 'tcp', found: 'doctor.tcp.refused' },
    causes: ['doctor.cause.remote-login-off'],
    remedies: ['doctor.remedy.remote-login'],
  },
  'refused-linux': {
    ...base,
    hops: until({ ...hops.tcp, error: sshError('refused', to, 'connect ECONNREFUSED') }),
    state: { ...known({}), platform: 'linux' },
    ...{ broken: 'tcp', found: 'doctor.tcp.refused' },
    causes: ['doctor.cause.sshd-off'],
    ...{ remedies: ['doctor.remedy.start-sshd'], targets: ['sudo systemctl start ssh'] },
  },
  'wrong-port': {
    ...{ ...base, config: { ...config, port: 2222 }, sshG: 'port 2222' },
    hops: until({
      ...hops.tcp,
      error: sshError('refused', { address, port: 2222 }, 'connect ECONNREFUSED'),
    }),
    ...{ broken: 'tcp', found: 'doctor.tcp.refused' },
    causes: ['doctor.cause.wrong-port', 'doctor.cause.remote-login-off'],
    remedies: ['doctor.remedy.check-port', 'doctor.remedy.remote-login'],
  },
  // what macOS says of an address in its own network that answers no ARP
  unreachable: {
    ...{ ...base, config: { target: '192.168.1.20' } },
    hops: [
      { ...hops.name, detail: '192.168.1.20' },
      {
        ...hops.tcp,
        error: sshError(
          'unreachable',
          { address: '192.168.1.20', port: 22 },
          'connect EHOSTDOWN 192.168.1.20:22',
        ),
      },
    ],
    ...{ broken: 'tcp', found: 'doctor.tcp.unreachable' },
    causes: ['doctor.cause.maybe-asleep', 'doctor.cause.switched-off'],
  },
  timeout: {
    ...{ ...base, hops: [hops.name, silentTcp] },
    ...{ broken: 'tcp', found: 'doctor.tcp.timeout' },
    causes: ['doctor.cause.tailnet-policy', 'doctor.cause.shields-up', 'doctor.cause.block-all'],
  },
  'local-network': {
    ...{ ...base, config: { target: '192.168.1.20' } },
    hops: [
      { ...hops.name, detail: '192.168.1.20' },
      {
        ...hops.tcp,
        error: sshError('local-network-denied', { address: '192.168.1.20' }, 'EHOSTUNREACH'),
      },
    ],
    ...{ broken: 'tcp', found: 'doctor.tcp.local-network' },
    remedies: ['doctor.remedy.local-network'],
  },
  'local-network-by-netcat': {
    ...{ ...base, config: { target: '192.168.1.20' } },
    hops: connected.map((hop) => (hop.id === 'tcp' ? { ...hop, detail: '/usr/bin/nc' } : hop)),
    ...{ broken: null, at: 'tcp', found: 'doctor.tcp.by-netcat' },
  },
  'name-unknown': {
    ...{ ...base, config: { target: 'studio.office.example' } },
    hops: [
      {
        ...hops.name,
        error: sshError('unknown-host-name', { address: 'studio.office.example' }, 'ENOTFOUND'),
      },
    ],
    ...{ broken: 'tcp', found: 'doctor.tcp.no-name' },
    causes: ['doctor.cause.misspelt'],
  },
  'magic-dns-off': {
    ...{ ...base, hops: [noName] },
    ...{ broken: 'tcp', found: 'doctor.tcp.no-name' },
    causes: ['doctor.cause.magic-dns-off'],
    remedies: ['doctor.remedy.use-tailnet'],
  },
  'away-from-home': {
    ...{ ...base, config: { target: '192.168.1.20', tailnetNodeId: 'nSTUDIOCNTRL' } },
    hops: [{ ...hops.name, detail: '192.168.1.20' }, silentTcp],
    ...{ broken: 'tcp', found: 'doctor.tcp.timeout' },
    causes: ['doctor.cause.other-network'],
    remedies: ['doctor.remedy.use-tailnet'],
  },
  'proxy-failed': {
    ...{ ...base, sshG: 'proxycommand tailscale nc %h %p' },
    hops: [
      ...byProxy,
      {
        ...hops.ssh,
        error: sshError('proxy-failed', { address, via: 'tailscale nc %h %p' }, 'Dial failed', {
          remedy: {
            ...{ kind: 'run-command', where: 'here', target: `ssh -- ${target}` },
            text: { key: 'error.remedy.proxy-failed' },
          },
        }),
      },
    ],
    ...{ broken: 'tcp', found: 'doctor.tcp.proxy-failed' },
  },
  'proxy-refused': {
    ...{ ...base, sshG: 'proxycommand tailscale nc %h %p' },
    hops: [
      ...byProxy,
      {
        ...hops.ssh,
        error: sshError(
          'proxy-failed',
          { address, via: 'tailscale nc %h %p' },
          'connection refused',
        ),
      },
    ],
    ...{ broken: 'tcp', found: 'doctor.tcp.refused' },
    causes: ['doctor.cause.remote-login-off'],
  },
  // it says nothing of the Host
  'trouble-of-our-own': {
    ...{ ...base, hops: [] },
    refusal: sshError('internal', {}, 'No folder for the socket of ssh.'),
    ...{ broken: 'tcp', found: 'error.internal' },
  },
  'ssh-config-broken': {
    ...base,
    sshG: sshError(
      'ssh-config',
      { target },
      '/Users/ana/.ssh/config: line 12: Bad configuration option: identifyfile',
    ),
    hops: [],
    ...{ broken: 'tcp', found: 'doctor.tcp.ssh-config' },
    remedies: ['doctor.remedy.ssh-config'],
  },
}
