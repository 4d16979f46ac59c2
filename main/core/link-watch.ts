import type { Link } from '../../preload/contract/hosts.ts'
import type { Host } from '../hosts/host.ts'
import type { Clock } from './ports.ts'

/** design.md, "When": without an answer for this long the numbers are marked, then the Host is called unreachable. */
export const staleAfterMs = 3_000
export const unreachableAfterMs = 10_000
/** While somebody waits for a Host that does not answer, a new attempt starts this often. */
const retryEveryMs = 2_500

/** A failed attempt that says no more than the silence does: a cable was pulled, perhaps only for a moment. */
const silentFailures: readonly string[] = ['unreachable', 'timeout', 'closed-by-host']

/** Judges from ticks, and from what the Host says of its connection, how the Host answers now. */
export interface LinkWatch {
  get(): Link
  /** Answers are expected from now on: the time without one starts to count. */
  expect(): void
  /** Nobody asks any more; silence means nothing. */
  rest(): void
  /** An answer came. Returns the new link and does not announce it: it goes out with what was answered. */
  answered(roundTripMs: number): Link
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
    path: options.path(host.link().path),
    roundTripMs: null,
    lastAnswerAt: null,
    since: isoNow(),
    problem: null,
    question: null,
  }
  let timers: (() => void)[] = []
  let isExpecting = false

  function set(fields: Partial<Link>) {
    const state = fields.state ?? link.state
    const since = state === link.state ? link.since : isoNow()
    link = { ...link, path: options.path(host.link().path), ...fields, state, since }
  }

  function announce(fields: Partial<Link>) {
    set(fields)
    onChange(link)
  }

  function disarm() {
    for (const cancel of timers) cancel()
    timers = []
  }

  function arm() {
    disarm()
    timers = [
      clock.after(staleAfterMs, () => {
        if (link.state !== 'asking' && link.state !== 'unreachable' && link.lastAnswerAt !== null) {
          announce({ state: 'stale' })
        }
        retry()
      }),
      clock.after(unreachableAfterMs, () => {
        if (link.state === 'asking') return
        announce({ state: 'unreachable', problem: host.link().problem ?? link.problem })
      }),
    ]
  }

  function retry() {
    if (!isExpecting || link.state === 'live') return
    if (link.state !== 'asking') host.reconnect('retry')
    timers.push(clock.after(retryEveryMs, retry))
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
    expect() {
      if (isExpecting) return
      isExpecting = true
      if (link.state === 'idle' || link.state === 'live') announce({ state: 'connecting' })
      arm()
    },
    rest() {
      isExpecting = false
      disarm()
      if (link.state !== 'asking') announce({ state: 'idle' })
    },
    answered(roundTripMs) {
      set({ state: 'live', roundTripMs, lastAnswerAt: isoNow(), problem: null, question: null })
      if (isExpecting) arm()
      return link
    },
    close() {
      unsubscribe()
      disarm()
    },
  }
}
