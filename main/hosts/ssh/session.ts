import type { Clock } from '../../core/ports.ts'
import type { GaugeStream } from '../gauge/gauge.ts'
import type { HostError, Identity } from '../host.ts'
import type { ChannelPlace, Session } from './channel.ts'
import { discard, endSessions } from './end-sessions.ts'
import { type Destination, quote, sshError } from './errors.ts'
import { runSession } from './run.ts'
import { OpenRefused, type Transport } from './transport.ts'
import { waitFor } from './wait.ts'

/** Asks who answers: one command, so that one round trip shows that commands work at all. */
const identityScript = 'uname -s; uname -n; id -un; id -u; id -Gn'

/** Rejects with `unsupported-platform`, `unrecognised`, or like a command. */
export async function identifyAccount(place: ChannelPlace, signal: AbortSignal): Promise<Identity> {
  const output = await runSession(place, `LC_ALL=C; export LC_ALL; ${identityScript}`, {
    maxBytes: 100_000,
    signal,
  })
  const { address } = place.to
  const lines = output.stdout.toString().split('\n')
  const [system = '', hostName = '', account = '', userId = '', groups = ''] = lines
  const platform = ({ Darwin: 'darwin', Linux: 'linux' } as const)[system]
  if (platform === undefined) {
    const code = /^[\w.-]+$/.test(system) ? 'unsupported-platform' : 'unrecognised'
    throw sshError(code, { address }, quote(output.stdout.toString() || output.stderr.toString()))
  }
  if (account === '' || !/^\d+$/.test(userId)) {
    throw sshError('unrecognised', { address }, `id answered ${quote(lines.slice(2).join(' '))}`)
  }
  return {
    platform,
    hostName: hostName.replace(/\.local$/, ''),
    account,
    userId: Number(userId),
    groups: groups.split(' ').filter((group) => group !== ''),
  }
}

/** How long a gauge may take to end by itself at the end of its input; a command in it may hang. */
const gaugeGraceMs = 2_000

/** The streams of a gauge. After `close` it ends by itself, or is ended. */
export function gaugeStream(place: ChannelPlace, session: Session): GaugeStream {
  const { channel } = session
  const close = () => {
    discard(channel)
    const disarm = place.clock.after(gaugeGraceMs, () => {
      endSessions(place, [session]).catch(() => undefined)
    })
    channel.stream.once('close', disarm)
  }
  return { stdin: channel.stream, stdout: channel.stream, stderr: channel.stderr, close }
}

const pingTimeoutMs = 2_000

/** Does the other side still answer, within 2 s? Never rejects. */
export async function isAnswering(transport: Transport, clock: Clock): Promise<boolean> {
  const late = (): HostError => sshError('timeout', { timeoutMs: pingTimeoutMs })
  const asked = transport.isAnswering()
  return waitFor(asked, { clock, timeoutMs: pingTimeoutMs, late }).catch(() => false)
}

/** What a failed direct-tcpip channel means; the numbers are those of RFC 4254, 5.1. */
export function forwardError(
  error: unknown,
  wanted: { address: string; port: number },
  to: Destination,
): HostError {
  const reason = error instanceof OpenRefused ? error.reason : null
  const detail = error instanceof Error ? error.message : String(error)
  if (reason === 1) return sshError('not-permitted', wanted, detail)
  if (reason === 2) return sshError('refused', wanted, detail)
  return sshError('closed-by-host', { address: to.address, port: to.port }, detail)
}
