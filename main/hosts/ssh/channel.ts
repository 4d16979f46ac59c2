import { randomBytes } from 'node:crypto'
import { constants } from 'node:os'
import type { Clock } from '../../core/ports.ts'
import { forLoginShell } from '../quote.ts'
import { endSessions } from './end-sessions.ts'
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
  /** What was asked for and may run there already. */
  openings: Set<Promise<Session>>
}

/** A shell script that runs on the far side. */
export interface Session {
  channel: RemoteChannel
  /** Printed before the script's own output, on stdout and stderr: `<newline>NONCE PID<newline>`. */
  nonce: string
  /** Of the script's process group; null until the mark was seen. */
  pid: number | null
  /** Resolves when the mark was seen, or will not come any more. The script can be well under way by then. */
  marked: Promise<void>
  isEnding: boolean
  /** Null until the far side has said it. A signal counts as 128 and its number, as in a shell. */
  exitCode: number | null
  onExit: () => void
}

/**
 * Opens a session channel that runs an sh script under the account's login shell; waits for a free place first. Rejects with a HostError;
 * after an abort at once, and what was opened by then is ended. The place is free again when the channel has closed on both sides.
 */
export async function openSession(
  place: ChannelPlace,
  script: string,
  signal: AbortSignal,
): Promise<Session> {
  const { slots, to, openings } = place
  const free = await slots.take(signal)
  const opening = startSession(place, script)
  openings.add(opening)
  opening
    .then(({ channel }) => channel.stream.once('close', free), free)
    .finally(() => openings.delete(opening))
  try {
    const session = await unlessAborted(opening, signal)
    if (signal.aborted) throw cancelled()
    return session
  } catch (error) {
    if (signal.aborted) {
      opening.then((session) => endSessions(place, [session])).catch(() => undefined)
      throw cancelled()
    }
    // a server with a smaller MaxSessions: wait until one of the open ones ends
    const isRefused = error instanceof OpenRefused
    if (isRefused && slots.shrink()) return openSession(place, script, signal)
    if (isRefused) {
      throw sshError('not-permitted', { address: to.address }, String(error), { cause: error })
    }
    throw sshError('closed-by-host', { address: to.address, port: to.port }, String(error))
  }
}

async function startSession(
  { transport, sessions }: ChannelPlace,
  script: string,
): Promise<Session> {
  const nonce = randomBytes(12).toString('hex')
  const marked = `echo; echo ${nonce} $$; { echo; echo ${nonce} $$; } >&2; ${script}`
  const channel = await transport.openSession(forLoginShell(marked))
  const session: Session = {
    ...{ channel, nonce, pid: null, isEnding: false, exitCode: null },
    marked: findPid(channel, nonce, (pid) => {
      session.pid = pid
    }),
    onExit: () => {},
  }
  channel.onExit((exit) => {
    session.exitCode = exitCodeOf(exit)
    session.onExit()
  })
  sessions.add(session)
  channel.stream.once('close', () => sessions.delete(session))
  return session
}

function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(cancelled())
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

function exitCodeOf(exit: RemoteExit): number {
  if ('code' in exit) return exit.code
  const { signal } = exit
  return 128 + (signal in constants.signals ? constants.signals[signal as NodeJS.Signals] : 0)
}

/** Resolves when the mark was seen, or the stream has closed. Start files may print anything, and much of it, before the mark. */
function findPid(
  { stream }: RemoteChannel,
  nonce: string,
  found: (pid: number) => void,
): Promise<void> {
  return new Promise((resolve) => {
    let tail = ''
    stream.once('close', resolve)
    stream.on('data', function read(chunk: Buffer) {
      const text = tail + chunk.toString('latin1')
      const mark = new RegExp(`\\n${nonce} (\\d+)\\n`).exec(text)
      tail = text.slice(-60)
      if (mark === null) return
      stream.off('data', read).off('close', resolve)
      found(Number(mark[1]))
      resolve()
    })
  })
}
