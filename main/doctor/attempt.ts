import type { ErrorInfo, Message } from '../../preload/contract/base.ts'
import type { HostStep, LinkQuestion } from '../../preload/contract/hosts.ts'
import { errorInfo, toErrorInfo } from '../core/errors.ts'
import type { Clock } from '../core/ports.ts'
import type { Host, HostLink } from '../hosts/host.ts'

type HopId = HostStep['id']

/** How one attempt to connect ended before its last hop. */
export interface Stop {
  /** The hop under way; null where it ended before the first, or between two. */
  at: HopId | null
  error: ErrorInfo
  /** What only the person could have answered. */
  question: LinkQuestion | null
  /** A page that the server asks the person to open (Tailscale SSH in check mode). */
  page: string | null
  /** What the person had to do elsewhere than here while the hop was under way: touch a security key. */
  task: Message | null
}

/** One hop, as far as the attempt came. `not-reached`: it stopped earlier, see {@link SshAttempt.stop}. */
export type Hop = { kind: 'done'; step: HostStep } | { kind: 'stopped'; stop: Stop }

/** One connection of the doctor's own, that asks the person nothing. */
export interface SshAttempt {
  host: Host
  /** Resolves when this hop is behind, or will not come. */
  hop(id: HopId): Promise<Hop>
  /** Null once connected. */
  ended: Promise<Stop | null>
}

/** How long each hop may take; shorter than the connection's own limits, since somebody waits for a name. */
const limitsMs: Readonly<Record<HopId, number>> = {
  name: 3_500,
  tcp: 6_000,
  ssh: 7_000,
  'host-key': 7_000,
  // an agent may ask for a finger on the key
  login: 15_000,
  'first-answer': 9_000,
}
/** `ssh -G` and the agent's list come before the first hop. */
const beginLimitMs = 8_000

export function startAttempt(
  host: Host,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): SshAttempt {
  const giveUp = new AbortController()
  const waiting = new Map<HopId, PromiseWithResolvers<Hop>>()
  const done = Promise.withResolvers<Stop | null>()
  let steps: readonly HostStep[] = []
  let stop: Stop | null = null
  let isOver = false
  let question: LinkQuestion | null = null
  let timed: HopId | null = null
  let disarm = arm(beginLimitMs)

  function arm(limitMs: number): () => void {
    return clock.after(limitMs, () => {
      end(errorInfo('timeout', { timeoutMs: limitMs }))
    })
  }

  function look(link: HostLink) {
    if (isOver) return
    steps = link.steps
    const running = runningOf(steps)
    if (running !== null && running !== timed) {
      disarm()
      timed = running
      disarm = arm(limitsMs[running])
    }
    for (const [id, { resolve }] of waiting) {
      const hop = hopOf(id)
      if (hop !== null) resolve(hop)
    }
    const page = pageOf(steps.find(({ id }) => id === 'login'))
    if (page !== null && running === 'login') end(errorInfo('timeout'), page)
    if (link.question !== null) refuse(link.question)
  }

  /** A host key is never accepted here; without a secret the login says what it tried. */
  function refuse(asked: LinkQuestion) {
    question ??= asked
    if (asked.kind === 'host-key') {
      const { address, fingerprint } = asked
      return end(errorInfo('host-key-unknown', { address, fingerprint }))
    }
    queueMicrotask(() => host.answer({ kind: 'secret', secret: null, isRemembered: false }))
  }

  function end(error: ErrorInfo | null, page: string | null = null) {
    if (isOver) return
    disarm()
    stopListening()
    isOver = true
    if (error !== null) {
      const at = runningOf(steps) ?? failedOf(steps)
      const task = steps.find(({ id, state }) => id === at && state === 'running')?.task ?? null
      stop = { at, error, question, page, task }
    }
    for (const [id, { resolve }] of waiting) {
      const hop = hopOf(id)
      if (hop !== null) resolve(hop)
    }
    done.resolve(stop)
    if (stop !== null) giveUp.abort()
  }

  function hopOf(id: HopId): Hop | null {
    const step = steps.find((one) => one.id === id)
    if (step?.state === 'passed' || step?.state === 'skipped') return { kind: 'done', step }
    if (stop !== null) return { kind: 'stopped', stop }
    // connected, without having said this hop
    return isOver ? { kind: 'done', step: passedHop(id) } : null
  }

  const stopListening = host.onLink(look)
  host
    .identify({ signal: AbortSignal.any([signal, giveUp.signal]) })
    .then(
      () => {
        steps = host.link().steps
        end(null)
      },
      (error: unknown) => {
        if (!isOver) steps = host.link().steps
        end(toErrorInfo(error))
      },
    )
    .catch(() => undefined)

  return {
    host,
    ended: done.promise,
    hop(id) {
      const hop = hopOf(id)
      if (hop !== null) return Promise.resolve(hop)
      const wait = waiting.get(id) ?? Promise.withResolvers<Hop>()
      waiting.set(id, wait)
      return wait.promise
    },
  }
}

function runningOf(steps: readonly HostStep[]): HopId | null {
  return steps.find(({ state }) => state === 'running' || state === 'asking')?.id ?? null
}

function passedHop(id: HopId): HostStep {
  return { id, state: 'passed', durationMs: null, detail: null, error: null }
}

function failedOf(steps: readonly HostStep[]): HopId | null {
  return steps.find(({ state }) => state === 'failed')?.id ?? null
}

/** The address in a server's banner, which says that somebody has to log in there first. */
function pageOf(login: HostStep | undefined): string | null {
  return /https:\/\/\S+/.exec(login?.detail ?? '')?.[0] ?? null
}
