import type { Client } from 'ssh2'
import { HostError } from '../host.ts'
import type { Login } from './auth.ts'
import { cancelled, type Destination, handshakeError, sshError } from './errors.ts'
import { HostKeyVerifier } from './host-key-verifier.ts'
import { fingerprint } from './known-hosts.ts'
import { LoginClock, sshTimeoutMs } from './login-clock.ts'
import { type HandshakeOptions, HungUpWhileAsking, type LoginPlan } from './login-options.ts'
import type { OpenSocket } from './socket.ts'
import { waitFor } from './wait.ts'

const programEndTimeoutMs = 1_000

/** All that is known before the first byte of SSH. */
export interface Prepared extends LoginPlan {
  login: Login
  socket: OpenSocket
}

/**
 * Key exchange, host key and login over an open socket. Rejects with a HostError, or with {@link HungUpWhileAsking}; the socket is
 * destroyed then.
 */
export function logIn(options: HandshakeOptions, prepared: Prepared): Promise<Client> {
  const { signal, steps } = options
  const { to, login, socket } = prepared
  return new Promise((resolve, reject) => {
    const time = new LoginClock(options, to, fail)
    const hostKey = new HostKeyVerifier(prepared, options.accepted, time.ask)
    let banner = ''
    let isSettled = false
    /** While the person was asked. */
    let isLost = false

    function settle() {
      isSettled = true
      time.stop()
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
    function lost(error: Error) {
      if (time.isAsking) isLost = true
      else if (hostKey.problem !== null) fail(hostKey.problem)
      else if (time.isUnheard && isBroken(error)) fail(new HungUpWhileAsking())
      else if (error instanceof HostError) fail(error)
      else if (steps.running === 'login') fail(loginError(error, login, to))
      else if (socket.failure !== null && banner === '') failByProgram(socket.failure)
      else fail(handshakeError(error, to, banner))
    }
    /** A program in between that ended before the server's first word says why. */
    function failByProgram(failure: Promise<HostError>) {
      const timeoutMs = programEndTimeoutMs
      const late = () => sshError('timeout', { timeoutMs })
      waitFor(failure, { clock: options.clock, timeoutMs, late }).then(fail, fail)
    }
    function onError(error: Error) {
      // a key or an agent that could not sign: ssh2 goes on with the next
      if ('level' in error && error.level === 'agent') return
      lost(error)
    }
    async function verifyHostKey(blob: Buffer, goOn: () => void): Promise<void> {
      if (hostKey.verified === null) {
        steps.pass('ssh', /^SSH-\S+/m.exec(banner)?.[0] ?? null)
        steps.begin('host-key')
      }
      const problem = await hostKey.verify(blob)
      if (problem !== null) fail(problem)
      // should it have hung up while the person was asked, the answer still counts
      else if (isLost) fail(new HungUpWhileAsking())
      if (isSettled) return
      time.arm(sshTimeoutMs)
      goOn()
    }

    if (signal.aborted) return onAbort()
    steps.begin('ssh')
    time.arm(sshTimeoutMs)
    signal.addEventListener('abort', onAbort, { once: true })
    login.onTry = () => (isLost ? fail(new HungUpWhileAsking()) : time.arm())
    login.ask = time.ask
    const client = options.dial(
      {
        sock: socket.stream,
        username: to.account,
        readyTimeout: 0,
        keepaliveInterval: 0,
        algorithms: { serverHostKey: hostKey.algorithms() as never },
        authHandler: login.handler,
        hostVerifier(blob: Buffer, verify: (isValid: boolean) => void) {
          verifyHostKey(Buffer.from(blob), () => verify(true)).catch((error: unknown) =>
            fail(error instanceof Error ? error : new Error(String(error))),
          )
        },
      },
      onError,
    )
    client.on('error', onError)
    client.once('close', () => lost(new Error()))
    client.once('handshake', () => {
      const { verified } = hostKey
      steps.pass('host-key', verified === null ? null : fingerprint(verified))
      steps.begin('login')
      time.arm()
      // only now has the host proved that it owns the key; where it cannot be written, it stays accepted while Studiolo runs
      hostKey.remember().catch(() => undefined)
    })
    client.on('banner', (text) => {
      // Tailscale SSH sends an address where the person has to log in first, and waits
      if (steps.running !== 'login' || !/https:\/\//.test(text)) return
      steps.note(text.trim().slice(0, 500))
      time.waitElsewhere()
    })
    client.once('ready', () => {
      if (isSettled) return
      settle()
      resolve(client)
    })
    socket.stream.on('data', () => time.hear())
    socket.stream.on('data', function read(chunk: Buffer) {
      banner += chunk.toString('latin1')
      if (banner.length > 300 || banner.includes('SSH-')) socket.stream.off('data', read)
    })
  })
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
  if (failure.info.code !== 'auth') return failure
  return login.withFacts(handshakeError(error, to, 'SSH-'))
}
