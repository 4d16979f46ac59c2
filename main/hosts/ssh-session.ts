import { Writable } from 'node:stream'
import type { Client, ClientChannel } from 'ssh2'
import type { Clock } from '../core/ports.ts'
import type { GaugeStream } from './gauge.ts'
import type { HostError, Identity } from './host.ts'
import { type ChannelPlace, endSession, runSession } from './ssh-channel.ts'
import { type Destination, quote, sshError } from './ssh-errors.ts'
import { waitFor } from './ssh-wait.ts'

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

/** The streams of a gauge on a channel. Closing ends what the gauge runs as well, and frees the channel for sure. */
export function gaugeStream(channel: ClientChannel, clock: Clock): GaugeStream {
  const stdin = new Writable({
    write: (chunk: Buffer, _encoding, done) => channel.write(chunk, done),
    final(done) {
      // HUP while the channel still takes signals: a command that hangs would not see the end of its input
      channel.signal('HUP')
      channel.end(done)
    },
  })
  channel.on('error', () => undefined)
  channel.once('close', () => stdin.destroy())
  return { stdin, stdout: channel, stderr: channel.stderr, close: () => endSession(channel, clock) }
}

const pingTimeoutMs = 2_000

/**
 * Does the other side still answer? Takes back a forwarding that was never there: servers answer that at once, with a no, and start
 * nothing. Never rejects.
 */
export async function isAnswering(client: Client, clock: Clock): Promise<boolean> {
  const asked = new Promise<boolean>((resolve) => {
    try {
      // after a loss of the connection ssh2 calls back with an error of its own
      client.unforwardIn('127.0.0.1', 1, (error) =>
        resolve(!/No response/.test(error?.message ?? '')),
      )
    } catch {
      resolve(false)
    }
  })
  const late = (): HostError => sshError('timeout', { timeoutMs: pingTimeoutMs })
  return waitFor(asked, { clock, timeoutMs: pingTimeoutMs, late }).catch(() => false)
}

/** What a failed direct-tcpip channel means; the numbers are those of RFC 4254, 5.1. */
export function forwardError(error: unknown, port: number, to: Destination): HostError {
  const { address } = to
  const reason = error instanceof Error && 'reason' in error ? error.reason : null
  const detail = error instanceof Error ? error.message : String(error)
  if (reason === 1) return sshError('not-permitted', { address, port }, detail)
  if (reason === 2) return sshError('refused', { address, port }, detail)
  return sshError('closed-by-host', { address, port: to.port }, detail)
}
