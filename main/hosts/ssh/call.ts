import type { Clock } from '../../core/ports.ts'
import type { HostError } from '../host.ts'
import { cancelled, sshError } from './errors.ts'
import type { SshLink } from './link.ts'
import type { Connection } from './make-connection.ts'

/**
 * Runs a call on the connection, making one first where there is none. It ends: with the work's own result, at the time-out, with the
 * caller's signal, or with the connection. While the person is asked something, its time stands still. After a time-out the connection
 * has two seconds to show that it is alive.
 */
export function boundCall<Value>(
  link: SshLink,
  bounds: { name: string; timeoutMs: number; signal?: AbortSignal | undefined; clock: Clock },
  work: (connection: Connection, signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const { name, timeoutMs, signal, clock } = bounds
  return new Promise<Value>((resolve, reject) => {
    if (signal?.aborted === true) return reject(cancelled())
    const ending = new AbortController()
    let disarm = () => {}
    let forget = () => {}
    let connection: Connection | null = null

    function settle() {
      disarm()
      forget()
      signal?.removeEventListener('abort', onAbort)
      connection?.lost.signal.removeEventListener('abort', onLost)
    }
    function giveUp(error: HostError) {
      settle()
      reject(error)
      ending.abort()
    }
    function onAbort() {
      giveUp(cancelled())
    }
    function onLost() {
      giveUp(link.problem ?? cancelled())
    }
    function onTime() {
      if (!link.isAsking) {
        giveUp(sshError('timeout', { timeoutMs }, name))
        link.dropIfSilent().catch(() => undefined)
        return
      }
      forget = link.onChange(({ state }) => {
        if (state === 'asking') return
        forget()
        arm()
      })
    }
    function arm() {
      disarm = clock.after(timeoutMs, onTime)
    }

    arm()
    signal?.addEventListener('abort', onAbort, { once: true })
    link
      .connect()
      .then((made) => {
        if (ending.signal.aborted) throw cancelled()
        connection = made
        if (made.lost.signal.aborted) onLost()
        else made.lost.signal.addEventListener('abort', onLost, { once: true })
        return work(made, ending.signal)
      })
      .then(
        (value) => {
          settle()
          resolve(value)
        },
        (error: unknown) => {
          settle()
          reject(error)
        },
      )
  })
}
