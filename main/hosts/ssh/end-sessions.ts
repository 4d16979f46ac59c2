import { forLoginShell } from '../quote.ts'
import type { ChannelPlace, Session } from './channel.ts'
import { sshError } from './errors.ts'
import type { RemoteChannel } from './transport.ts'
import { waitFor } from './wait.ts'

/** A closed channel ends no program; the far side gets this long for it. */
const endTimeoutMs = 3_000

/** Reads on without keeping anything, so that the channel can come to its end. */
export function discard({ stream, stderr }: RemoteChannel): void {
  stream.resume()
  stderr.resume()
}

/**
 * Ends programs on the far side: TERM to their process groups, a second later KILL. One that has not said its process id yet may run all
 * the same, so that is waited for. Resolves when TERM is sent, or after 3 s; never rejects.
 */
export function endSessions(place: ChannelPlace, wanted: Iterable<Session>): Promise<void> {
  const { clock } = place
  const sessions = [...wanted].filter(({ isEnding }) => !isEnding)
  for (const session of sessions) {
    const { channel } = session
    session.isEnding = true
    discard(channel)
    const disarm = clock.after(endTimeoutMs, () => channel.close())
    channel.stream.once('close', disarm)
  }
  const unmarked = sessions.filter(({ pid }) => pid === null)
  return within(place, [
    terminate(place, sessions),
    Promise.all(unmarked.map(({ marked }) => marked)).then(() => terminate(place, unmarked)),
  ])
}

/** Ends all of a connection's programs, those included that are just being opened; see {@link endSessions}. */
export function endAll(place: ChannelPlace): Promise<void> {
  const late = [...place.openings].map((opening) =>
    opening.then(
      (session) => endSessions(place, [session]),
      () => undefined,
    ),
  )
  return within(place, [endSessions(place, place.sessions), ...late])
}

function within({ clock }: ChannelPlace, work: readonly Promise<void>[]): Promise<void> {
  const late = () => sshError('timeout', { timeoutMs: endTimeoutMs })
  const done = () => undefined
  return waitFor(Promise.all(work), { clock, timeoutMs: endTimeoutMs, late }).then(done, done)
}

/** One more command does that, since sshd passes the signals of the protocol on only to accounts other than root. Never rejects. */
function terminate({ transport }: ChannelPlace, sessions: readonly Session[]): Promise<void> {
  const pids = sessions.flatMap(({ pid }) => (pid === null ? [] : [pid]))
  if (pids.length === 0) return Promise.resolve()
  const send = (name: string) =>
    `for p in ${pids.join(' ')}; do kill -s ${name} -- -$p || kill -s ${name} $p; done`
  const script = `exec 2>/dev/null; ${send('TERM')}; echo; sleep 1; ${send('KILL')}`
  return new Promise((resolve) => {
    transport.openSession(forLoginShell(script)).then((channel) => {
      channel.stream.once('data', () => resolve())
      channel.stream.once('close', () => resolve())
      discard(channel)
    }, resolve)
  })
}
