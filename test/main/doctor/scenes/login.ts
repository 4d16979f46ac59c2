import {
  loginRefused,
  noPassphrase,
  noPassword,
  sshError,
} from '../../../../main/hosts/ssh/errors.ts'
import {
  address,
  base,
  config,
  connected,
  hops,
  keyPath,
  mac,
  peer,
  type Scenes,
  status,
  target,
  until,
} from './parts.ts'

function loginFailure(offered: string, accepts: string, signed: string | null = null) {
  const list = (text: string) => text.split(', ').filter((one) => one !== '')
  const tries = { offered: list(offered), accepts: list(accepts), signed }
  return loginRefused({ account: 'ana', address, port: 22 }, tries)
}

/** Who is let in, and with what. */
export const loginScenes: Scenes = {
  'auth-refused': {
    ...base,
    hops: until({ ...hops.login, error: loginFailure(`${keyPath}, work laptop`, 'publickey') }),
    ...{ broken: 'authentication', found: 'doctor.authentication.refused' },
    causes: ['doctor.cause.key-not-there', 'doctor.cause.account-not-allowed'],
    remedies: ['doctor.remedy.set-up-key', 'doctor.remedy.allow-account'],
  },
  'account-not-allowed': {
    ...base,
    hops: until({
      ...hops.login,
      error: sshError('closed-by-host', {
        ...{ address, port: 22, offered: keyPath, accepts: 'publickey', signed: keyPath },
      }),
    }),
    ...{ broken: 'authentication', found: 'doctor.authentication.closed-after-key' },
    causes: ['doctor.cause.account-not-allowed'],
  },
  'login-hung-up': {
    ...base,
    hops: until({
      ...hops.login,
      error: sshError(
        'closed-by-host',
        {
          address,
          port: 22,
          offered: `${keyPath}, work laptop`,
          accepts: 'publickey',
          signed: null,
        },
        'read ECONNRESET',
      ),
    }),
    ...{ broken: 'authentication', found: 'doctor.authentication.closed-by-host' },
    causes: ['doctor.cause.too-many-tries', 'doctor.cause.account-not-allowed'],
  },
  'login-hangs': {
    ...{ ...base, hops: until({ ...hops.login, hangs: true }) },
    ...{ broken: 'authentication', found: 'doctor.authentication.timeout' },
    causes: ['doctor.cause.agent-waits'],
    // an agent may be asking for a finger on the key
    namedWithinMs: 16_000,
  },
  // over the system's ssh: it does not tell what else was tried when nobody gave the password
  'login-refused-plainly': {
    ...base,
    hops: until({
      ...hops.login,
      question: { kind: 'secret', what: 'password', subject: `ana@${target}`, isRetry: false },
      error: noPassword({ account: 'ana', address, port: 22 }),
    }),
    ...{ broken: 'authentication', found: 'doctor.authentication.refused-plainly' },
    causes: ['doctor.cause.key-not-there'],
    remedies: ['doctor.remedy.give-password', 'doctor.remedy.set-up-key'],
  },
  'no-agent': {
    ...{ ...base, sshG: 'identityagent none' },
    hops: until({ ...hops.login, error: loginFailure(keyPath, 'publickey') }),
    ...{ broken: 'authentication', found: 'doctor.authentication.refused' },
    causes: ['doctor.cause.key-not-there'],
  },
  'no-key-no-agent': {
    ...{ ...base, sshG: 'identityagent none' },
    hops: until({ ...hops.login, error: loginFailure('', 'publickey') }),
    ...{ broken: 'authentication', found: 'doctor.authentication.no-key' },
    causes: ['doctor.cause.no-key-here'],
  },
  'tailscale-ssh': {
    ...base,
    local: {
      ...mac,
      'tailscale status --json': status({}, [{ ...peer, sshHostKeys: ['ssh-ed25519 AAAAC3Nz'] }]),
    },
    hops: [
      ...[hops.name, hops.tcp, { ...hops.ssh, detail: 'SSH-2.0-Tailscale' }, hops.hostKey],
      {
        ...hops.login,
        note: '# Tailscale SSH requires an additional check.\n# To authenticate, visit: https://login.tailscale.com/a/l1b2c3d4e5f6',
        hangs: true,
      },
    ],
    ...{ broken: 'authentication', found: 'doctor.authentication.check-mode' },
    remedies: ['doctor.remedy.check-mode'],
  },
  'tailscale-ssh-lets-in': {
    ...{ ...base, broken: null },
    hops: connected.map((hop) =>
      hop.id === 'ssh'
        ? { ...hop, detail: 'SSH-2.0-Tailscale' }
        : { ...hop, ...(hop.id === 'login' && { detail: 'none' }) },
    ),
    ...{ at: 'authentication', found: 'doctor.authentication.none' },
  },
  agent: {
    ...base,
    local: {
      ...mac,
      zsh: {
        stdout: 'Welcome back\n\nstudiolo-agent=/Users/ana/.1password/agent.sock\n',
        durationMs: 420,
      },
      'env SSH_AUTH_SOCK=/Users/ana/.1password/agent.sock ssh-add -l': {
        stdout: '256 SHA256:9fQ studio key (ED25519)\n256 SHA256:3bX github (ED25519)\n',
      },
    },
    hops: until({ ...hops.login, error: loginFailure('', 'publickey') }),
    ...{ broken: 'authentication', found: 'doctor.authentication.no-key' },
    causes: ['doctor.cause.other-agent'],
    remedies: ['doctor.remedy.other-agent'],
  },
  passphrase: {
    ...base,
    hops: until({
      ...hops.login,
      question: { kind: 'secret', what: 'passphrase', subject: keyPath, isRetry: false },
      error: noPassphrase(keyPath),
    }),
    ...{ broken: 'authentication', found: 'doctor.authentication.passphrase' },
    remedies: ['doctor.remedy.enter-passphrase'],
  },
  'password-only': {
    ...{ ...base, config: { target: '192.168.1.20' } },
    hops: until({
      ...hops.login,
      question: { kind: 'secret', what: 'password', subject: 'ana@192.168.1.20', isRetry: false },
      error: loginFailure('', 'password, keyboard-interactive'),
    }).map((hop) => (hop.id === 'name' ? { ...hop, detail: '192.168.1.20' } : hop)),
    ...{ broken: 'authentication', found: 'doctor.authentication.password-only' },
    causes: ['doctor.cause.filevault'],
  },
  'password-missing': {
    ...base,
    hops: until({
      ...hops.login,
      question: { kind: 'secret', what: 'password', subject: `ana@${address}`, isRetry: false },
      error: loginFailure('', 'publickey, password, keyboard-interactive'),
    }),
    ...{ broken: 'authentication', found: 'doctor.authentication.key-or-password' },
    remedies: ['doctor.remedy.give-password', 'doctor.remedy.set-up-key'],
  },
  'password-wrong': {
    ...base,
    hops: until({
      ...hops.login,
      // the one that was kept was tried, so that the next is asked for
      question: { kind: 'secret', what: 'password', subject: `ana@${target}`, isRetry: true },
      error: loginFailure(`${keyPath}, password`, 'publickey, password, keyboard-interactive'),
    }),
    ...{ broken: 'authentication', found: 'doctor.authentication.wrong-password' },
    remedies: ['doctor.remedy.give-password'],
  },
  pin: {
    ...base,
    hops: until({
      ...hops.login,
      question: {
        ...{ kind: 'secret', what: 'pin', isRetry: false },
        subject: 'ED25519-SK key /Users/ana/.ssh/id_ed25519_sk',
      },
      error: loginFailure('/Users/ana/.ssh/id_ed25519_sk', 'publickey'),
    }),
    ...{ broken: 'authentication', found: 'doctor.authentication.pin' },
    remedies: ['doctor.remedy.answer-it'],
  },
  // PAM's second factor, in the words of pam_google_authenticator
  code: {
    ...base,
    hops: until({
      ...hops.login,
      question: { kind: 'secret', what: 'code', subject: 'Verification code', isRetry: false },
      error: loginFailure(keyPath, 'keyboard-interactive'),
    }),
    ...{ broken: 'authentication', found: 'doctor.authentication.code' },
    remedies: ['doctor.remedy.answer-it'],
  },
  touch: {
    ...base,
    hops: until({
      ...hops.login,
      task: {
        key: 'window.hosts.task.touch-key',
        params: { securityKey: 'ED25519-SK /Users/ana/.ssh/id_ed25519_sk' },
      },
      hangs: true,
    }),
    ...{ broken: 'authentication', found: 'doctor.authentication.touch' },
    // somebody may still touch it
    namedWithinMs: 16_000,
    remedies: ['doctor.remedy.answer-it'],
  },
  'key-not-found': {
    ...base,
    config: { ...config, keyPath: '/Users/ana/.ssh/gone' },
    // keys are read before the first hop
    refusal: sshError('key-not-found', { path: '/Users/ana/.ssh/gone' }),
    hops: [],
    ...{ broken: 'authentication', found: 'doctor.authentication.key-not-found' },
  },
}
