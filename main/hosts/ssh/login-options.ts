import type { Client, ConnectConfig, ParsedKey } from 'ssh2'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import type { AddressNow, Clock, SecretStore } from '../../core/ports.ts'
import type { SshConfig } from './config.ts'
import type { Destination } from './errors.ts'
import type { Ask } from './keys.ts'
import type { HostName, KnownKeys } from './known-hosts.ts'
import type { Way } from './path.ts'
import type { SocketOptions } from './socket.ts'
import type { Steps } from './steps.ts'
import type { Transport } from './transport.ts'

/** Host keys that the person has accepted and that are not in a file yet: base64, or as fingerprints where ssh asks. */
export type Accepted = Set<string>

/** What every way of logging in needs; the time of a login and its questions. */
export interface LoginContext {
  clock: Clock
  signal: AbortSignal
  steps: Steps
  ask: Ask
  /** Kept while the connection is lost. */
  accepted: Accepted
}

export interface HandshakeOptions extends LoginContext {
  /** Starts an SSH connection over `config.sock`. */
  dial(config: ConnectConfig, onError: (error: Error) => void): Client
}

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
  addressNow?: AddressNow
  /** Set in tests: the system's ssh, whatever the configuration says. */
  isAlwaysOpenSsh?: boolean
}

/** What is known of a machine before anything is sent to it. */
export interface LoginPlan {
  config: SshConfig
  to: Destination
  name: HostName
  known: KnownKeys
}

/**
 * Under which a password is asked for and kept: the account, and the name under which the host's key was verified. Another port or
 * another alias is another server, which may not be shown this one's password; a rename in the tailnet changes nothing.
 *
 * @example loginName({ name: { name: '[studio]:2222', ... }, ... }) // 'ana@[studio]:2222'
 */
export function loginName({ to, name }: Pick<LoginPlan, 'to' | 'name'>): string {
  return `${to.account}@${name.name}`
}

/** A connection that stands: logged in, nothing run yet. */
export interface LoggedIn {
  transport: Transport
  to: Destination
  way: Way
}

/** The server hung up while the person was thinking (LoginGraceTime); their answer is kept, so one more try is due. */
export class HungUpWhileAsking extends Error {}
