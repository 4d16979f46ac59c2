import type { DoctorProgress, DoctorStep as Finding } from '../../preload/contract/doctor.ts'
import { HostError } from '../hosts/host.ts'
import { doctorSteps } from './index.ts'
import {
  type DoctorStep,
  type Outcome,
  offWithoutTailnet,
  outcome,
  skippedByEarlier,
} from './step.ts'
import { type Instruments, startVisit, type Visit } from './visit.ts'

/** The whole visit; the steps' own limits end it long before, mostly. */
const limitMs = 55_000

/**
 * Tries each hop and says each in order. Tailscale is asked while the SSH connection is being made, so that the whole takes little more
 * than the longer of the two. Ends without a word when `signal` is aborted.
 */
export async function* examine(
  instruments: Instruments,
  signal?: AbortSignal,
): AsyncGenerator<DoctorProgress, void> {
  const { clock, config, host } = instruments
  const ending = new AbortController()
  const outer = signal === undefined ? [] : [signal]
  const over = AbortSignal.any([ending.signal, ...outer])
  const startedAt = new Date(clock.now()).toISOString()
  let findings: readonly Finding[] = []
  const progress = (isDone: boolean): DoctorProgress => ({
    ...{ hostId: config.id, hostName: config.name, startedAt, isDone },
    steps: [...findings],
    brokenStepId: findings.find(({ state }) => state === 'failed')?.id ?? null,
  })
  const late = Promise.withResolvers<Outcome>()
  const disarm = clock.after(limitMs, () => {
    late.resolve(outcome('unknown', { key: 'doctor.unknown.no-time' }))
  })
  const cancelled = new Promise<null>((resolve) => {
    if (over.aborted) resolve(null)
    over.addEventListener('abort', () => resolve(null), { once: true })
  })
  const visit = startVisit(instruments, over)
  const begun = new Map<DoctorStep, Promise<Outcome | null>>()
  try {
    for (const step of doctorSteps) {
      const before = findings
      findings = [...before, runningFinding(step)]
      yield progress(false)
      const startedMs = clock.monotonic()
      const looking = begun.get(step) ?? take(step, visit, before)
      const seen = await Promise.race([cancelled, late.promise, looking])
      if (seen === null) return
      findings = [
        ...withoutFalseAlarm(step, seen, before),
        finding(step, seen, clock.monotonic() - startedMs),
      ]
      for (const next of doctorSteps) {
        if (next.beginsAfter === step.id) begun.set(next, take(next, visit, findings))
      }
    }
    yield progress(true)
  } finally {
    disarm()
    ending.abort()
    await host.close()
  }
}

function runningFinding({ id }: DoctorStep): Finding {
  return {
    ...{ id, state: 'running', durationMs: null, found: null, meaning: null },
    ...{ causes: [], remedies: [], detail: null },
  }
}

function finding({ id }: DoctorStep, { durationMs, ...rest }: Outcome, tookMs: number): Finding {
  const isTried = rest.state !== 'skipped' && rest.state !== 'off'
  const isTimed = isTried && durationMs !== null
  return { id, durationMs: isTimed ? Math.round(durationMs ?? tookMs) : null, ...rest }
}

/** Resolves null when the visit was cancelled. */
async function take(
  step: DoctorStep,
  visit: Visit,
  before: readonly Finding[],
): Promise<Outcome | null> {
  try {
    if (step.isTailnet === true && !(await visit.isThroughTailnet)) return offWithoutTailnet
    const broken = before.find(({ state }) => state === 'failed')
    if (broken === undefined) return await step.look(visit)
    if (step.id !== 'tcp') return skippedByEarlier
    // a connection that stands all the same is said, whatever Tailscale thinks
    const seen = await step.look(visit)
    const isRefusedByPeer =
      // without Tailscale an address of the tailnet may lead to a stranger
      broken.id === 'tailnet-ping' && seen.found?.key === 'doctor.tcp.refused'
    return isReached(seen) || isRefusedByPeer ? seen : skippedByEarlier
  } catch (error) {
    if (error instanceof HostError && error.kind === 'cancelled') return null
    throw error
  }
}

function isReached({ state }: Outcome): boolean {
  return state === 'passed' || state === 'attention'
}

const worksAnyway = { key: 'doctor.meaning.works-anyway' }

/** What Tailscale's steps found broken is no hindrance once the Host was reached; nobody shall mend what works. */
function withoutFalseAlarm(
  { id }: DoctorStep,
  seen: Outcome,
  before: readonly Finding[],
): readonly Finding[] {
  if (id !== 'tcp' || seen.state === 'skipped') return before
  return before.map((one) =>
    one.state === 'failed'
      ? { ...one, state: 'attention', meaning: worksAnyway, causes: [], remedies: [] }
      : one,
  )
}
