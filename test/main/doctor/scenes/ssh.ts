import { quotePosix } from '../../../../main/hosts/quote.ts'
import { sshError } from '../../../../main/hosts/ssh/errors.ts'
import {
  address,
  base,
  byProxy,
  fingerprint,
  hops,
  known,
  mac,
  otherFingerprint,
  peer,
  type Scenes,
  status,
  target,
  to,
  until,
} from './parts.ts'

const changedKey = sshError(
  'host-key-changed',
  {
    ...{ address: target, fingerprint: otherFingerprint, knownFingerprint: fingerprint },
    ...{ path: '/Users/ana/.ssh/known_hosts', line: 7 },
  },
  undefined,
  {
    remedy: {
      ...{ kind: 'run-command', where: 'here' },
      text: {
        key: 'error.remedy.host-key-changed',
        params: { fingerprint: otherFingerprint },
      },
      target: quotePosix([...['ssh-keygen', '-R', target, '-f', '/Users/ana/.ssh/known_hosts']]),
    },
  },
)

/** What answers there, and with which host key. */
export const sshScenes: Scenes = {
  'not-ssh': {
    ...base,
    hops: until({ ...hops.ssh, error: sshError('not-ssh', to, '"HTTP/1.1 400 Bad Request"') }),
    ...{ broken: 'ssh-banner', found: 'doctor.ssh-banner.not-ssh' },
  },
  'proxy-not-ssh': {
    ...{ ...base, sshG: 'proxycommand tailscale nc %h %p' },
    hops: [
      ...byProxy,
      { ...hops.ssh, error: sshError('not-ssh', to, '"HTTP/1.1 400 Bad Request"') },
    ],
    ...{ broken: 'ssh-banner', found: 'doctor.ssh-banner.not-ssh-proxied' },
  },
  'banner-silent': {
    ...{ ...base, hops: until({ ...hops.ssh, hangs: true }) },
    ...{ broken: 'ssh-banner', found: 'doctor.ssh-banner.timeout' },
    causes: ['doctor.cause.sshd-busy'],
    targets: ['sudo launchctl kickstart -k system/com.openssh.sshd'],
  },
  'banner-silent-linux': {
    ...{ ...base, hops: until({ ...hops.ssh, hangs: true }) },
    state: { ...known({}), platform: 'linux' },
    ...{ broken: 'ssh-banner', found: 'doctor.ssh-banner.timeout' },
    targets: ['sudo systemctl restart ssh'],
  },
  'banner-hung-up': {
    ...{
      ...base,
      hops: until({ ...hops.ssh, error: sshError('closed-by-host', to, 'read ECONNRESET') }),
    },
    ...{ broken: 'ssh-banner', found: 'doctor.ssh-banner.closed-by-host' },
    causes: ['doctor.cause.half-asleep', 'doctor.cause.refuses-this-computer'],
    remedies: ['doctor.remedy.wait-and-try', 'doctor.remedy.restart-sshd'],
  },
  // in the words of ssh2
  'no-common-algorithm': {
    ...base,
    hops: until({
      ...hops.ssh,
      error: sshError(
        'no-common-algorithm',
        { address },
        'Handshake failed: no matching key exchange algorithm',
      ),
    }),
    ...{ broken: 'ssh-banner', found: 'doctor.ssh-banner.no-common-algorithm' },
    remedies: ['doctor.remedy.update-there'],
  },
  // in the words of the system's ssh, which has heard the server's first words by then
  'no-common-host-key-type': {
    ...base,
    hops: until({
      ...hops.hostKey,
      error: sshError(
        'no-common-algorithm',
        { address },
        `Unable to negotiate with ${address} port 22: no matching host key type found. Their offer: ssh-rsa,ssh-dss`,
      ),
    }),
    ...{ broken: 'host-key', found: 'doctor.ssh-banner.no-common-algorithm' },
    remedies: ['doctor.remedy.update-there'],
  },
  'host-keys-unreadable': {
    ...base,
    hops: until({
      ...hops.hostKey,
      error: sshError(
        'host-keys-unreadable',
        { path: '/Users/ana/.ssh/known_hosts' },
        "EACCES: permission denied, open '/Users/ana/.ssh/known_hosts'",
      ),
    }),
    ...{ broken: 'host-key', found: 'error.host-keys-unreadable' },
  },
  'host-key-unknown': {
    ...base,
    hops: until({
      ...hops.hostKey,
      question: { kind: 'host-key', address: target, keyType: 'ssh-ed25519', fingerprint },
    }),
    ...{ broken: 'host-key', found: 'doctor.host-key.unknown' },
    remedies: ['doctor.remedy.confirm-key', 'doctor.remedy.show-key'],
  },
  'host-key-changed': {
    ...base,
    hops: until({
      ...hops.hostKey,
      error: changedKey,
    }),
    ...{ broken: 'host-key', found: 'doctor.host-key.changed' },
    causes: ['doctor.cause.set-up-anew', 'doctor.cause.in-between'],
    remedies: ['error.remedy.host-key-changed'],
  },
  // Tailscale SSH was turned on since: it answers in the place of the Mac's own server, with a key of its own
  'host-key-of-tailscale': {
    ...base,
    local: {
      ...mac,
      'tailscale status --json': status({}, [{ ...peer, sshHostKeys: ['ssh-ed25519 AAAAC3Nz'] }]),
    },
    hops: [
      ...[hops.name, hops.tcp, { ...hops.ssh, detail: 'SSH-2.0-Tailscale' }],
      { ...hops.hostKey, error: changedKey },
    ],
    ...{ broken: 'host-key', found: 'doctor.host-key.changed' },
    causes: ['doctor.cause.tailscale-ssh-key', 'doctor.cause.in-between'],
  },
  'host-key-revoked': {
    ...base,
    hops: until({
      ...hops.hostKey,
      error: sshError('host-key-revoked', {
        ...{ address: target, fingerprint },
        ...{ path: '/Users/ana/.ssh/known_hosts', line: 7 },
      }),
    }),
    ...{ broken: 'host-key', found: 'doctor.host-key.revoked' },
    remedies: ['doctor.remedy.ask-admin'],
  },
  // in the words of the system's ssh, whose RevokedHostKeys may be a list without lines
  'host-key-revoked-by-file': {
    ...base,
    hops: until({
      ...hops.hostKey,
      error: sshError(
        'host-key-revoked',
        { address: target, fingerprint, path: '/etc/ssh/revoked_keys', line: 0 },
        `Host key ED25519 ${fingerprint} revoked by file /etc/ssh/revoked_keys`,
      ),
    }),
    ...{ broken: 'host-key', found: 'doctor.host-key.revoked-by-file' },
    remedies: ['doctor.remedy.ask-admin'],
  },
}
