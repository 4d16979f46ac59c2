import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Client, ParsedKey } from 'ssh2'
import type { Link } from '../../../preload/contract/hosts.ts'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import type { SecretStore } from '../../core/ports.ts'
import { prepareLogin } from './auth.ts'
import { resolveSshConfig } from './config.ts'
import { cancelled, type Destination } from './errors.ts'
import { type HandshakeOptions, logIn } from './handshake.ts'
import { hostNameOf, lookUpHost } from './known-hosts.ts'
import { openSocket, type SocketOptions } from './socket.ts'

export interface ConnectOptions
  extends HandshakeOptions,
    Pick<SocketOptions, 'tcp' | 'netcatPath' | 'interfaces'> {
  host: SshHostConfig
  secrets: SecretStore
  homeDir: string
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  /** Private keys that were decrypted before; see CandidateOptions. */
  unlocked: Map<string, ParsedKey>
}

/** A connection that stands: logged in, nothing run yet. */
export interface LoggedIn {
  client: Client
  to: Destination
  path: Link['path']
  /** Cuts at once, in any state. */
  destroy(): void
  /** Says goodbye first. */
  end(): void
}

/**
 * From a target to a login: configuration, socket, key exchange, host key, login; each is a step that `steps` says. Rejects with a
 * HostError; every part has a time-out of its own, and the person's thinking time counts for none of them.
 */
export async function connectSsh(options: ConnectOptions): Promise<LoggedIn> {
  const { host, env, homeDir, signal, steps } = options
  const { account, port, keyPath } = host
  const config = await resolveSshConfig(host.target, {
    ...{ account, port, keyPath, env, homeDir, signal },
  })
  if (signal.aborted) throw cancelled()
  const to: Destination = { account: config.user, address: config.hostname, port: config.port }
  const name = hostNameOf(config)
  const files = [...config.userKnownHostsFiles, ...config.globalKnownHostsFiles]
  const [known, login] = await Promise.all([
    lookUpHost(name, files, { env, signal }),
    prepareLogin({ ...options, config, keyPath, to }),
  ])
  const socket = await openSocket({ ...options, config, to })
  try {
    const client = await logIn(options, { config, to, name, known, login, socket })
    steps.pass('login', login.method())
    return {
      client,
      to,
      path: socket.path,
      destroy: () => socket.stream.destroy(),
      end: () => endStream(client, socket.stream),
    }
  } catch (error) {
    socket.stream.destroy()
    throw error
  }
}

/** A dead peer may never close: nothing here waits for it. */
function endStream(client: Client, stream: Duplex): void {
  client.end()
  if (stream instanceof Socket) stream.destroySoon()
  else stream.destroy()
}
