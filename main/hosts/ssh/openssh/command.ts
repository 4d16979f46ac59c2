import { access } from 'node:fs/promises'
import type { SshHostConfig } from '../../../../preload/contract/settings.ts'
import { forProxyCommand } from '../../quote.ts'
import type { SshConfig } from '../config.ts'
import { jumpCommand, literal } from '../proxy.ts'

/** Without a client, the master ends by itself after this long: it outlives a crash of the app by no more. */
const idleSeconds = 10
const serverAliveSeconds = 5
const serverAliveCount = 3

/**
 * Arguments of the master: the person's configuration, without what it may start on the side (forwards, commands, agents). Goes to the
 * background once it is logged in.
 */
export async function masterArguments(
  config: SshConfig,
  host: SshHostConfig,
  socketPath: string,
): Promise<string[]> {
  const { account, port, keyPath } = host
  const isOwnHome = config.sshArguments.length === 0
  const wanted = keyPath === null ? [] : config.identityFiles.slice(0, 1)
  const others = isOwnHome ? [] : await present(config.identityFiles.slice(wanted.length))
  const options: Record<string, string> = {
    ControlPersist: String(idleSeconds),
    ServerAliveInterval: String(serverAliveSeconds),
    ServerAliveCountMax: String(serverAliveCount),
    TCPKeepAlive: 'yes',
    BatchMode: 'no',
    // as resolved: a machine of the tailnet may have moved, and is known under its old name then
    HostName: literal(config.hostname),
    ...(config.hostKeyAlias !== null && { HostKeyAlias: config.hostKeyAlias }),
    // `no` and `accept-new` would take a key that nobody has seen
    StrictHostKeyChecking: config.isStrict ? 'yes' : 'ask',
    UpdateHostKeys: 'no',
    VisualHostKey: 'no',
    ClearAllForwardings: 'yes',
    ForwardAgent: 'no',
    ForwardX11: 'no',
    Tunnel: 'no',
    PermitLocalCommand: 'no',
    RemoteCommand: 'none',
    ...(config.connectTimeoutMs === null && { ConnectTimeout: '10' }),
    // as for ssh2: a hop in between may not ask anything, and must not mix its -v into ours
    ...(config.proxyJump !== null && {
      ProxyCommand: forProxyCommand(['ssh', ...jumpCommand(config).map(literal)]),
    }),
    // ssh takes ~ from the account, not from HOME
    ...(!isOwnHome && {
      UserKnownHostsFile: fileList(config.userKnownHostsFiles),
      GlobalKnownHostsFile: fileList(config.globalKnownHostsFiles),
    }),
  }
  return [
    ...config.sshArguments,
    ...['-v', '-M', '-N', '-T', '-a', '-x', '-S', socketPath],
    ...[...wanted, ...others].flatMap((path) => ['-i', literal(path)]),
    ...(account === null ? [] : ['-l', account]),
    ...(port === null ? [] : ['-p', String(port)]),
    ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    ...['--', config.target],
  ]
}

/** For ssh's own reader of options: words between double quotes, `%` doubled. */
function fileList(paths: readonly string[]): string {
  if (paths.length === 0) return 'none'
  return paths.map((path) => `"${literal(path)}"`).join(' ')
}

/** Named explicitly, a missing file would be an error of its own. */
async function present(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => [path],
        () => [],
      ),
    ),
  )
  return found.flat()
}
