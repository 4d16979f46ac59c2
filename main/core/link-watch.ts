import type { Link } from '../../preload/contract/hosts.ts'
import type { Host } from '../hosts/host.ts'
import type { Clock } from './ports.ts'

/** Without an answer for this long, the numbers of a Host are marked as old. */
export const staleAfterMs = 3_000
/** Silent for this long, a Host that was stale is called unreachable. */
export const unreachableAfterMs = 10_000
/** Asked this often, silence counts from the last answer; asked more seldom, only from when the next one was due. */
const quickMs = 2_000
/** While a Host does not answer, a new attempt starts this often, or as seldom as it is asked. */
const retryEveryMs = 2_500

/** A failed attempt that says no more than the silence does: a cable was pulled, perhaps only for a moment. */
const silentFailures: readonly string[] = ['unreachable', 'timeout', 'closed-by-host']

/** Judges from ticks, and from what the Host says of its connection, how the Host answers now. */
export interface LinkWatch {
  get(): Link
  /** The Host is asked now, then every `everyMs`: the time without an answer starts to count. */
  expect(everyMs: number): void
  /** Nobody asks any more; silence means nothing. */
  rest(): void
  /**
   * An answer came; the next question follows `everyMs` after this one. Returns the new link and does not announce it: it goes out
   * with what was answered.
   */
  answered(roundTripMs: number, everyMs: number): Link
  close(): void
}

export function createLinkWatch(options: {
  host: Host
  clock: Clock
  /** A finer path than the Host can know: direct or relayed, from the tailnet. */
  path(path: Link['path']): Link['path']
  onChange(link: Link): void
}): LinkWatch {
  const { host, clock, onChange } = options
  const isoNow = () => new Date(clock.now()).toISOString()
  let link: Link = {
    state: 'idle',
    ...way(),
    roundTripMs: null,
    lastAnswerAt: null,
    since: isoNow(),
    problem: null,
    question: null,
  }
  let timers: (() => void)[] = []
  let cancelRetry: (() => void) | null = null
  let isExpecting = false
  let askedEveryMs = 0
  /** When silence starts to count; monotonic. */
  let silentFrom = 0

  function way(): Pick<Link, 'path' | 'via'> {
    const { path, via } = host.link()
    return { path: options.path(path), ...(via !== undefined && { via }) }
  }

  function set(fields: Partial<Link>) {
    const state = fields.state ?? link.state
    const since = state === link.state ? link.since : isoNow()
    const { via: _, ...before } = link
    link = { ...before, ...way(), ...fields, state, since }
  }

  function announce(fields: Partial<Link>) {
    set(fields)
    onChange(link)
  }

  function disarm() {
    for (const cancel of timers) cancel()
    timers = []
    cancelRetry?.()
    cancelRetry = null
  }

  function arm(everyMs: number, delayMs: number) {
    disarm()
    askedEveryMs = everyMs
    silentFrom = clock.monotonic() + delayMs
    timers = [
      clock.after(delayMs + staleAfterMs, () => {
        if (link.state !== 'asking' && link.state !== 'unreachable' && link.lastAnswerAt !== null) {
          announce({ state: 'stale' })
        }
        retry()
      }),
      clock.after(delayMs + unreachableAfterMs, () => {
        if (link.state === 'asking') return
        announce({ state: 'unreachable', problem: host.link().problem ?? link.problem })
      }),
    ]
  }

  function retry() {
    cancelRetry?.()
    cancelRetry = null
    if (!isExpecting || link.state === 'live') return
    if (link.state !== 'asking') host.reconnect('retry')
    cancelRetry = clock.after(Math.max(retryEveryMs, askedEveryMs), retry)
  }

  const unsubscribe = host.onLink((own) => {
    if (own.state === 'asking') announce({ state: 'asking', question: own.question, problem: null })
    else if (own.state === 'failed') {
      // of a Host that answered a moment ago, the clock decides when it is lost
      const wasThere = link.state === 'live' || link.state === 'stale'
      if (wasThere && silentFailures.includes(own.problem?.code ?? '')) return
      const state = isExpecting || link.state !== 'idle' ? 'unreachable' : link.state
      announce({ state, problem: own.problem, question: null })
    } else if (link.state === 'asking') announce({ state: 'connecting', question: null })
    else if (own.state === 'connecting' && link.lastAnswerAt === null && link.state === 'idle') {
      announce({ state: 'connecting' })
    }
  })

  return {
    get: () => link,
    expect(everyMs) {
      if (!isExpecting) {
        isExpecting = true
        if (link.state === 'idle' || link.state === 'live') announce({ state: 'connecting' })
        arm(everyMs, 0)
      } else if (silentFrom > clock.monotonic()) arm(everyMs, 0)
      else {
        askedEveryMs = everyMs
        if (cancelRetry !== null) retry()
      }
    },
    rest() {
      isExpecting = false
      disarm()
      if (link.state !== 'asking') announce({ state: 'idle' })
    },
    answered(roundTripMs, everyMs) {
      set({ state: 'live', roundTripMs, lastAnswerAt: isoNow(), problem: null, question: null })
      if (isExpecting) arm(everyMs, everyMs > quickMs ? everyMs : 0)
      return link
    },
    close() {
      unsubscribe()
      disarm()
    },
  }
}
