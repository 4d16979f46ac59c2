import type { Clock } from '../../core/ports.ts'
import type { HostError } from '../host.ts'
import { cancelled } from './errors.ts'

export interface WaitOptions {
  clock: Clock
  timeoutMs: number
  signal?: AbortSignal | undefined
  /** What it rejects with when the time is over. */
  late(): HostError
  /** Called once when the promise is given up, in either way. */
  onGivenUp?(): void
}

/** Waits for a promise, but not for ever: rejects with `late()` after `timeoutMs`, with `cancelled` after an abort. */
export function waitFor<Value>(promise: Promise<Value>, options: WaitOptions): Promise<Value> {
  const { clock, timeoutMs, signal, late, onGivenUp } = options
  return new Promise<Value>((resolve, reject) => {
    const settle = () => {
      disarm()
      signal?.removeEventListener('abort', onAbort)
    }
    const giveUp = (error: HostError) => {
      settle()
      reject(error)
      onGivenUp?.()
    }
    const onAbort = () => giveUp(cancelled())
    const disarm = clock.after(timeoutMs, () => giveUp(late()))
    if (signal?.aborted === true) {
      promise.catch(() => undefined)
      onAbort()
      return
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    promise.then(
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
