import { errorInfo } from '../../core/errors.ts'
import type { Clock } from '../../core/ports.ts'
import { type CommandOutput, HostError, type Tick, type Ticker } from '../host.ts'

/** What answers the ticks of one gauge: a script on a far machine, this machine, a recording. */
export interface TickSource {
  /**
   * Asks for these. Resolves with what there is: an answer that is not ready is absent and comes with a later call.
   * Called again only after the promise of the last call has settled. `signal` is aborted when nobody waits any more.
   */
  answer(due: readonly Tick[], signal: AbortSignal): Promise<Map<string, CommandOutput>>
  close(): void
}

/** @default of `ask`'s timeoutMs */
const defaultTimeoutMs = 10_000

/** A tick may come a little early, since timers jitter; a question every second is still asked every second. */
const earlyRatio = 0.9

/** A {@link Ticker} over any source: keeps to each Tick's `everyMs`, one ask at a time, time-out, cancel, end. */
export function createScheduledTicker(
  list: readonly Tick[],
  source: TickSource,
  { clock }: { clock: Clock },
): Ticker {
  refuseDuplicates(list)
  const askedAt = new Map<string, number>()
  const closing = new AbortController()
  /** Settles when the source is free; it may still be busy with an ask that was given up. */
  let isFree: Promise<unknown> = Promise.resolve()

  return {
    async ask({ labels, timeoutMs = defaultTimeoutMs, signal } = {}) {
      const giveUp = new AbortController()
      const before = isFree
      const answered = before.then(async () => {
        throwIfEnded(giveUp.signal)
        const startedAt = clock.monotonic()
        const due = list.filter((tick) => {
          if (labels !== undefined && !labels.includes(tick.label)) return false
          const last = askedAt.get(tick.label)
          return last === undefined || startedAt - last >= tick.everyMs * earlyRatio
        })
        for (const tick of due) askedAt.set(tick.label, startedAt)
        let isTaken = false
        try {
          const outputs = await source.answer(due, giveUp.signal)
          isTaken = !giveUp.signal.aborted
          return { outputs, roundTripMs: clock.monotonic() - startedAt }
        } finally {
          // an answer that nobody took is asked for again at once
          if (!isTaken) for (const tick of due) askedAt.delete(tick.label)
        }
      })
      isFree = answered.catch(() => undefined)
      return await endWith(answered, giveUp, { clock, timeoutMs, signal, closing: closing.signal })
    },
    close() {
      if (closing.signal.aborted) return
      closing.abort(cancelled('The gauge was closed'))
      source.close()
    },
  }
}

interface Ends {
  clock: Clock
  timeoutMs: number
  signal: AbortSignal | undefined
  closing: AbortSignal
}

/** The promise, or the first of time-out, cancel and close. `giveUp` is aborted with the reason. */
async function endWith<T>(
  promise: Promise<T>,
  giveUp: AbortController,
  { clock, timeoutMs, signal, closing }: Ends,
): Promise<T> {
  const takeBack = clock.after(timeoutMs, () => giveUp.abort(timedOut(timeoutMs)))
  const cancel = () => giveUp.abort(cancelled('The caller gave up'))
  const close = () => giveUp.abort(closing.reason)
  if (signal?.aborted) cancel()
  if (closing.aborted) close()
  signal?.addEventListener('abort', cancel, { once: true })
  closing.addEventListener('abort', close, { once: true })
  try {
    return await Promise.race([promise, rejectOn(giveUp.signal)])
  } finally {
    takeBack()
    signal?.removeEventListener('abort', cancel)
    closing.removeEventListener('abort', close)
  }
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function throwIfEnded(signal: AbortSignal): void {
  if (signal.aborted) throw signal.reason
}

function timedOut(timeoutMs: number): HostError {
  return new HostError('timeout', errorInfo('timeout', { timeoutMs }))
}

function cancelled(detail: string): HostError {
  return new HostError('cancelled', errorInfo('cancelled', {}, detail))
}

function refuseDuplicates(list: readonly Tick[]): void {
  const labels = new Set(list.map((tick) => tick.label))
  if (labels.size !== list.length) throw new TypeError('The labels of a list of ticks are unique')
}
