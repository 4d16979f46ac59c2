import { HostError, type Identity } from '../host.ts'
import type { ChannelPlace } from './channel.ts'
import { connectSsh } from './connect.ts'
import { sshError } from './errors.ts'
import { type ConnectOptions, HungUpWhileAsking } from './login-options.ts'
import type { Way } from './path.ts'
import { identifyAccount } from './session.ts'
import { Slots } from './slots.ts'
import { waitFor } from './wait.ts'

/**
 * OpenSSH's MaxSessions is 10, and a session counts there until sshd has gone round its loop once more after the close: five that end
 * and the five that follow can meet.
 */
const maxSessions = 5
const firstAnswerTimeoutMs = 15_000

/** A connection that stands and has answered once. */
export interface Connection extends ChannelPlace {
  identity: Identity
  way: Way
  /** Aborted when the connection is lost or given up: ends what is under way on it. */
  lost: AbortController
}

/**
 * A connection with its first answer. A server that hung up while the person was asked gets another try, with the answer. Rejects with a
 * HostError.
 */
export async function makeConnection(options: ConnectOptions): Promise<Connection> {
  for (let tries = 1; ; tries++) {
    try {
      return await tryOnce(options)
    } catch (error) {
      if (error instanceof HungUpWhileAsking && tries < 5) continue
      throw error instanceof HostError ? error : sshError('internal', {}, String(error))
    }
  }
}

async function tryOnce(options: ConnectOptions): Promise<Connection> {
  const { clock, signal, steps } = options
  const { transport, to, way } = await connectSsh(options)
  const lost = new AbortController()
  transport.onClose(() => lost.abort())
  const place: ChannelPlace = {
    ...{ transport, to, clock, slots: new Slots(maxSessions) },
    ...{ sessions: new Set(), openings: new Set() },
  }
  try {
    steps.begin('first-answer')
    const { address, port } = to
    const identity = await waitFor(
      identifyAccount(place, AbortSignal.any([signal, lost.signal])).catch((error: unknown) => {
        const isLost = lost.signal.aborted && !signal.aborted
        throw isLost ? sshError('closed-by-host', { address, port }) : error
      }),
      {
        ...{ clock, signal, timeoutMs: firstAnswerTimeoutMs },
        late: () => sshError('timeout', { address, port, timeoutMs: firstAnswerTimeoutMs }),
      },
    )
    steps.pass('first-answer', `${identity.account}@${identity.hostName}`)
    return { ...place, identity, way, lost }
  } catch (error) {
    transport.destroy()
    throw error
  }
}
