import { sshError } from '../../../../main/hosts/ssh/errors.ts'
import { RuntimeError } from '../../../../main/runtimes/runtime.ts'
import type { Said } from '../../../support/doctor-scene.ts'
import {
  address,
  base,
  byProxy,
  connected,
  df,
  hops,
  mac,
  type Scenes,
  status,
  studio,
  to,
  until,
} from './parts.ts'

const noEditors: Said = {
  stderr:
    'ls: .cursor-server: No such file or directory\nls: .vscode-server: No such file or directory\n',
  exitCode: 1,
}

/** The first command, and what else a connection is for. */
export const afterLoginScenes: Scenes = {
  healthy: {
    ...{ ...base, hops: connected, broken: null },
    ...{ at: 'model-port', found: 'doctor.model-port.passed' },
  },
  'healthy-by-jump': {
    ...{ ...base, sshG: 'proxyjump bastion', broken: null },
    hops: [
      ...byProxy.map((hop) => ({ ...hop, detail: 'bastion' })),
      ...[hops.ssh, hops.hostKey, { ...hops.login, detail: 'password' }, hops.answer],
    ],
    host: { ...studio, 'ls -d .cursor-server': noEditors },
    ...{ at: 'tcp', found: 'doctor.tcp.proxied' },
  },
  // a Tailscale without a name for its tailnet, an ssh whose words nobody knows: what passed is said all the same
  'healthy-in-few-words': {
    ...{ ...base, hops: [hops.name, hops.tcp, hops.login], broken: null },
    local: {
      ...mac,
      'tailscale status --json': status({ Version: undefined, CurrentTailnet: undefined }),
    },
    ...{ at: 'first-command', found: 'doctor.first-command.there' },
  },
  'command-hangs': {
    ...{ ...base, hops: until({ ...hops.answer, hangs: true }) },
    ...{ broken: 'first-command', found: 'doctor.first-command.timeout' },
    causes: ['doctor.cause.start-files'],
  },
  'command-hung-up': {
    ...base,
    hops: until({ ...hops.answer, error: sshError('closed-by-host', to) }),
    ...{ broken: 'first-command', found: 'doctor.first-command.closed-by-host' },
    causes: ['doctor.cause.account-not-allowed-after', 'doctor.cause.start-files'],
  },
  // as nologin(8) says it, the shell of accounts that shall run nothing
  'no-commands': {
    ...base,
    hops: until({
      ...hops.answer,
      error: sshError('not-permitted', { address }, '"This account is currently not available."'),
    }),
    ...{ broken: 'first-command', found: 'doctor.first-command.not-permitted' },
    causes: ['doctor.cause.account-not-allowed-after'],
    remedies: ['doctor.remedy.login-shell'],
  },
  'command-noise': {
    ...base,
    hops: until({
      ...hops.answer,
      error: sshError('unrecognised', { account: 'ana', address }, '"y"', {
        key: 'error.login-noise',
      }),
    }),
    ...{ broken: 'first-command', found: 'doctor.first-command.unrecognised' },
    causes: ['doctor.cause.start-files'],
  },
  'other-system': {
    ...base,
    hops: until({
      ...hops.answer,
      error: sshError('unsupported-platform', { address }, '"FreeBSD"'),
    }),
    ...{ broken: 'first-command', found: 'error.unsupported-platform' },
  },
  'disk-full': {
    ...{ ...base, hops: connected },
    host: { ...studio, 'df -kP': { stdout: df.replaceAll('354711776', '21504') } },
    ...{ broken: 'editor-server', found: 'doctor.editor-server.disk-full' },
    remedies: ['doctor.remedy.free-disk'],
    works: ['model-port'],
  },
  'disk-tight': {
    ...{ ...base, hops: connected, broken: null },
    host: { ...studio, 'df -kP': { stdout: df.replaceAll('354711776', '3515625') } },
    ...{ at: 'editor-server', found: 'doctor.editor-server.disk-tight' },
    remedies: ['doctor.remedy.free-disk'],
  },
  'disk-unknown': {
    ...{ ...base, hops: connected, broken: null },
    host: { ...studio, 'df -kP': 'hangs' },
    ...{ at: 'editor-server', found: 'doctor.editor-server.there-disk-unknown' },
  },
  'no-editor-disk-unknown': {
    ...{ ...base, hops: connected, broken: null },
    host: { 'df -kP': 'hangs', 'ls -d .cursor-server': noEditors },
    ...{ at: 'editor-server', found: 'doctor.editor-server.to-come-disk-unknown' },
  },
  'editors-unknown': {
    ...{ ...base, hops: connected, broken: null },
    host: {
      ...studio,
      'ls -d .cursor-server': { stderr: 'ls: .: Permission denied\n', exitCode: 1 },
    },
    ...{ at: 'editor-server', found: 'doctor.editor-server.servers-unknown' },
  },
  'home-unknown': {
    ...{ ...base, hops: connected, broken: null },
    host: { 'df -kP': 'hangs', 'ls -d .cursor-server': 'hangs' },
    ...{ at: 'editor-server', found: 'doctor.editor-server.unknown' },
  },
  'no-forwarding': {
    ...{ ...base, hops: connected },
    models: sshError('not-permitted', { port: 11434 }, 'administratively prohibited'),
    ...{ broken: 'model-port', found: 'doctor.model-port.no-forwarding' },
  },
  'no-models': {
    ...{ ...base, hops: connected, models: 'none' },
    ...{ broken: null, at: 'model-port', found: 'doctor.model-port.none' },
    remedies: ['doctor.remedy.start-models'],
  },
  'models-silent': {
    ...{ ...base, hops: connected, broken: null },
    models: new RuntimeError('timeout', 'no answer from port 11434 within 5 s'),
    ...{ at: 'model-port', found: 'doctor.model-port.silent' },
    remedies: ['doctor.remedy.restart-models'],
  },
  'no-end': {
    ...{ ...base, hops: connected, broken: null, models: 'hangs' },
    ...{ at: 'model-port', found: 'doctor.unknown.no-time' },
  },
}
