import type { Client, ConnectConfig } from 'ssh2'
import type { Clock } from '../../core/ports.ts'
import { HostError } from '../host.ts'
import type { Login } from './auth.ts'
import type { SshConfig } from './config.ts'
import { cancelled, type Destination, handshakeError, sshError } from './errors.ts'
import { changedKeyError } from './host-key.ts'
import type { Ask } from './keys.ts'
import {
  addKnownHost,
  fingerprint,
  type HostName,
  judgeHostKey,
  type KnownKeys,
  keyType,
  orderHostKeyAlgorithms,
} from './known-hosts.ts'
import type { OpenSocket } from './socket.ts'
import type { Steps } from './steps.ts'
import { waitFor } from './wait.ts'

export interface HandshakeOptions {
  clock: Clock
  signal: AbortSignal
  steps: Steps
  ask: Ask
  /** Starts an SSH connection over `config.sock`. */
  dial(config: ConnectConfig, onError: (error: Error) => void): Client
  /** Keys that the person accepted while the connection was lost; see {@link Accepted}. */
  accepted: Accepted
}

/** Host keys, base64, that the person has accepted and that are not in a file yet. */
export type Accepted = Set<string>

/** The server hung up while the person was thinking (LoginGraceTime); their answer is kept, so one more try is due. */
export class HungUpWhileAsking extends Error {}

const sshTimeoutMs = 10_000
const loginTimeoutMs = 20_000
/** For what a banner asks the person to do elsewhere. */
const bannerTimeoutMs = 120_000
const programEndTimeoutMs = 1_000

/** What ssh2 can verify, without SHA-1. */
const hostKeyAlgorithms = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
]

/** All that is known before the first byte of SSH. */
export interface Prepared {
  config: SshConfig
  to: Destination
  name: HostName
  known: KnownKeys
  login: Login
  socket: OpenSocket
}

/**
 * Key exchange, host key and login over an open socket. Rejects with a HostError, or with {@link HungUpWhileAsking}; the socket is
 * destroyed then.
 */
export function logIn(options: HandshakeOptions, prepared: Prepared): Promise<Client> {
  const { clock, signal, steps, accepted } = options
  const { config, to, name, known, login, socket } = prepared
  return new Promise((resolve, reject) => {
    let banner = ''
    let verified: Buffer | null = null
    let keyError: HostError | null = null
    let isSettled = false
    let isAsking = false
    let isLost = false
    /** An answer of the person is on its way, and the server has said nothing since. */
    let isUnheard = false
    let patienceMs = loginTimeoutMs
    let disarm = () => {}

    function settle() {
      isSettled = true
      disarm()
      signal.removeEventListener('abort', onAbort)
    }
    function fail(error: Error) {
      if (isSettled) return
      settle()
      reject(error)
      socket.stream.destroy()
    }
    function onAbort() {
      fail(cancelled())
    }
    /** Starts the time that the server has for its next answer. */
    function arm(timeoutMs: number) {
      disarm()
      if (isSettled) return
      const { address, port } = to
      disarm = clock.after(timeoutMs, () => fail(sshError('timeout', { address, port, timeoutMs })))
    }
    function lost(error: Error) {
      if (isAsking) isLost = true
      else if (isUnheard && isBroken(error) && keyError === null) fail(new HungUpWhileAsking())
      else if (keyError !== null) fail(keyError)
      else if (error instanceof HostError) fail(error)
      else if (steps.running === 'login') fail(loginError(error, login, to))
      else if (socket.failure !== null && banner === '') failByProgram(socket.failure)
      else fail(handshakeError(error, to, banner))
    }
    /** A program in between that ended before the server's first word says why. */
    function failByProgram(failure: Promise<HostError>) {
      const timeoutMs = programEndTimeoutMs
      const late = () => sshError('timeout', { timeoutMs })
      waitFor(failure, { clock, timeoutMs, late }).then(fail, fail)
    }

    /** The person is asked while the server waits; should it hang up meanwhile, the answer still counts. */
    const ask: Ask = async (question) => {
      isAsking = true
      disarm()
      steps.ask(true)
      const answer = await options.ask(question)
      isAsking = false
      isUnheard = true
      steps.ask(false)
      return answer
    }

    async function isTrusted(blob: Buffer): Promise<boolean> {
      // a server asks again when it changes the session's keys
      if (verified !== null) return verified.equals(blob)
      steps.pass('ssh', /^SSH-\S+/m.exec(banner)?.[0] ?? null)
      steps.begin('host-key')
      const key = blob.toString('base64')
      const verdict = judgeHostKey(known, blob)
      const params = { address: name.name, fingerprint: fingerprint(blob) }
      if (verdict.kind === 'revoked') {
        const { path, line } = verdict.known
        keyError = sshError('host-key-revoked', { ...params, path, line })
      } else if (verdict.kind === 'changed') {
        keyError = changedKeyError(name, blob, verdict.known)
      } else if (verdict.kind === 'unknown' && !accepted.has(key)) {
        keyError = await askForKey(blob, params)
      }
      if (keyError !== null) return false
      if (verdict.kind === 'unknown') accepted.add(key)
      verified = blob
      return true
    }

    async function askForKey(
      blob: Buffer,
      params: { address: string; fingerprint: string },
    ): Promise<HostError | null> {
      const detail = { ...params, keyType: keyType(blob) }
      if (config.isStrict) return sshError('host-key-unknown', detail, 'StrictHostKeyChecking yes')
      const answer = await ask({ kind: 'host-key', ...detail })
      if (answer?.kind === 'host-key' && answer.isAccepted) return null
      return sshError(answer === null ? 'host-key-unknown' : 'host-key-rejected', detail)
    }

    if (signal.aborted) return onAbort()
    steps.begin('ssh')
    arm(sshTimeoutMs)
    signal.addEventListener('abort', onAbort, { once: true })
    login.onTry = () => (isLost ? fail(new HungUpWhileAsking()) : arm(patienceMs))
    login.ask = ask
    const client = options.dial(
      {
        sock: socket.stream,
        username: to.account,
        readyTimeout: 0,
        keepaliveInterval: 0,
        algorithms: { serverHostKey: algorithmsFor(config, known) as never },
        authHandler: login.handler,
        hostVerifier(blob: Buffer, verify: (isValid: boolean) => void) {
          isTrusted(Buffer.from(blob)).then(
            (isValid) => {
              if (!isValid) fail(keyError ?? sshError('host-key-unknown', { address: name.name }))
              else if (isLost) fail(new HungUpWhileAsking())
              if (isSettled) return
              arm(sshTimeoutMs)
              verify(true)
            },
            (error: unknown) => fail(error instanceof Error ? error : new Error(String(error))),
          )
        },
      },
      onError,
    )
    client.on('error', onError)
    client.once('close', () => lost(new Error('The host closed the connection.')))
    client.once('handshake', () => {
      steps.pass('host-key', verified === null ? null : fingerprint(verified))
      steps.begin('login')
      arm(patienceMs)
      // only now has the host proved that it owns the key; where it cannot be written, it stays accepted while Studiolo runs
      if (verified !== null) remember(verified).catch(() => undefined)
    })
    client.on('banner', (text) => {
      // Tailscale SSH sends an address where the person has to log in first, and waits
      if (steps.running !== 'login' || !/https:\/\//.test(text)) return
      steps.note(text.trim().slice(0, 500))
      patienceMs = bannerTimeoutMs
      arm(patienceMs)
    })
    client.once('ready', () => {
      if (isSettled) return
      settle()
      resolve(client)
    })
    socket.stream.on('data', () => {
      isUnheard = false
    })
    socket.stream.on('data', function read(chunk: Buffer) {
      banner += chunk.toString('latin1')
      if (banner.length > 300 || banner.includes('SSH-')) socket.stream.off('data', read)
    })

    function onError(error: Error) {
      // a key or an agent that could not sign: ssh2 goes on with the next
      if ('level' in error && error.level === 'agent') return
      lost(error)
    }

    async function remember(blob: Buffer): Promise<void> {
      const key = blob.toString('base64')
      if (!accepted.has(key)) return
      const [path] = config.userKnownHostsFiles
      if (path === undefined || path === '/dev/null') return
      await addKnownHost(path, name.name, blob, { isHashed: config.isKnownHostsHashed })
      accepted.delete(key)
    }
  })
}

function algorithmsFor(config: SshConfig, known: KnownKeys): string[] {
  const allowed = hostKeyAlgorithms.filter(
    (name) => config.hostKeyAlgorithms.length === 0 || config.hostKeyAlgorithms.includes(name),
  )
  return orderHostKeyAlgorithms(known, allowed.length > 0 ? allowed : hostKeyAlgorithms)
}

/** The connection itself broke, as ssh2 says it; else the protocol went its way. */
function isBroken(error: Error): boolean {
  return 'level' in error && error.level === 'client-socket'
}

/** The end of a login: refused, or hung up upon. */
function loginError(error: Error, login: Login, to: Destination): HostError {
  const isRefused = 'level' in error && error.level === 'client-authentication'
  if (isRefused || /too many authentication/i.test(error.message)) return login.failure()
  const failure = login.failure()
  return failure.info.code === 'auth' ? handshakeError(error, to, 'SSH-') : failure
}
