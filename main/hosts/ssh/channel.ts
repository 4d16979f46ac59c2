import { randomBytes } from 'node:crypto'
import { constants } from 'node:os'
import type { Clock } from '../../core/ports.ts'
import { forLoginShell } from '../quote.ts'
import { cancelled, type Destination, sshError } from './errors.ts'
import type { Slots } from './slots.ts'
import { OpenRefused, type RemoteChannel, type RemoteExit, type Transport } from './transport.ts'

/** What a channel needs of its connection. */
export interface ChannelPlace {
  transport: Transport
  slots: Slots
  to: Destination
  clock: Clock
  /** What runs on the far side now. */
  sessions: Set<Session>
}

/** A shell script that runs on the far side. */
export interface Session {
  channel: RemoteChannel
  /** Printed before the script's own output, on stdout and stderr: `<newline>NONCE PID<newline>`. */
  nonce: string
  /** Of the script's process group; null until the mark was seen. */
  pid: number | null
  isEnding: boolean
  /** Null until the far side has said it. A signal counts as 128 and its number, as in a shell. */
  exitCode: number | null
  onExit: () => void
}

/**
 * Opens a session channel that runs an sh script under the account's login shell; waits for a free place first. Rejects with a HostError.
 * The place is free again when the channel has closed on both sides.
 */
export async function openSession(
  place: ChannelPlace,
  script: string,
  signal: AbortSignal,
): Promise<Session> {
  const { transport, slots, to, sessions } = place
  const nonce = randomBytes(12).toString('hex')
  const marked = `echo; echo ${nonce} $$; { echo; echo ${nonce} $$; } >&2; ${script}`
  const free = await slots.take(signal)
  try {
    const session = await startSession(transport, forLoginShell(marked), signal, nonce)
    sessions.add(session)
    session.channel.stream.once('close', () => {
      sessions.delete(session)
      free()
    })
    watchPid(session)
    return session
  } catch (error) {
    free()
    if (signal.aborted) throw cancelled()
    // a server with a smaller MaxSessions: wait until one of the open ones ends
    const isRefused = error instanceof OpenRefused
    if (isRefused && slots.shrink()) return openSession(place, script, signal)
    if (isRefused) {
      throw sshError('not-permitted', { address: to.address }, String(error), { cause: error })
    }
    throw sshError('closed-by-host', { address: to.address, port: to.port }, String(error))
  }
}

function startSession(
  transport: Transport,
  command: string,
  signal: AbortSignal,
  nonce: string,
): Promise<Session> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(cancelled())
    signal.addEventListener('abort', onAbort, { once: true })
    transport.openSession(command).then(
      (channel) => {
        signal.removeEventListener('abort', onAbort)
        if (signal.aborted) {
          discard(channel)
          // the script's first line meets a closed pipe, and that is its end
          channel.close()
          return
        }
        const onExit = () => {}
        const session: Session = {
          ...{ channel, nonce, pid: null, isEnding: false, exitCode: null, onExit },
        }
        channel.onExit((exit) => {
          session.exitCode = exitCodeOf(exit)
          session.onExit()
        })
        resolve(session)
      },
      (error: unknown) => {
        signal.removeEventListener('abort', onAbort)
        reject(error)
      },
    )
  })
}

function exitCodeOf(exit: RemoteExit): number {
  if ('code' in exit) return exit.code
  const { signal } = exit
  return 128 + (signal in constants.signals ? constants.signals[signal as NodeJS.Signals] : 0)
}

/** Reads on without keeping anything, so that the channel can come to its end. */
export function discard({ stream, stderr }: RemoteChannel): void {
  stream.resume()
  stderr.resume()
}

/** Start files may print anything, and much of it, before the mark. */
function watchPid(session: Session): void {
  const { nonce } = session
  const { stream } = session.channel
  let tail = ''
  stream.on('data', function read(chunk: Buffer) {
    const text = tail + chunk.toString('latin1')
    const mark = new RegExp(`\\n${nonce} (\\d+)\\n`).exec(text)
    tail = text.slice(-60)
    if (mark === null) return
    session.pid = Number(mark[1])
    stream.off('data', read)
  })
}

/** A closed channel ends no program; the far side gets this long for it. */
const endTimeoutMs = 3_000

/**
 * Ends programs on the far side: TERM to their process groups, a second later KILL. One more command does that, since sshd passes the
 * signals of the protocol on only to accounts other than root. Resolves when TERM is sent, or when that takes too long; never rejects.
 */
export function endSessions(place: ChannelPlace, wanted: Iterable<Session>): Promise<void> {
  const { transport, clock } = place
  const sessions = [...wanted].filter(({ isEnding }) => !isEnding)
  const pids = sessions.flatMap(({ pid }) => (pid === null ? [] : [pid]))
  for (const session of sessions) {
    const { channel, pid } = session
    session.isEnding = true
    discard(channel)
    if (pid === null) channel.close()
    else
      channel.stream.once(
        'close',
        clock.after(endTimeoutMs, () => channel.close()),
      )
  }
  if (pids.length === 0) return Promise.resolve()
  const send = (name: string) =>
    `for p in ${pids.join(' ')}; do kill -s ${name} -- -$p || kill -s ${name} $p; done`
  const script = `exec 2>/dev/null; ${send('TERM')}; echo; sleep 1; ${send('KILL')}`
  return new Promise((resolve) => {
    const disarm = clock.after(endTimeoutMs, resolve)
    const done = () => {
      disarm()
      resolve()
    }
    transport.openSession(forLoginShell(script)).then((channel) => {
      channel.stream.once('data', done)
      channel.stream.once('close', done)
      discard(channel)
    }, done)
  })
}
