import type { HostState } from '../../preload/contract/fleet.ts'
import type { Reading, Unknown, UnknownReason } from '../../preload/contract/readings.ts'
import type { Check } from '../checks/check.ts'
import { checks } from '../checks/index.ts'
import { judgeAll } from '../checks/run.ts'
import type { Host, Identity } from '../hosts/host.ts'
import { type ProbeId, probeById } from '../probes/index.ts'
import { readProbe } from '../probes/read.ts'
import type { Fleet } from './fleet.ts'
import type { Clock, KeptReadings } from './ports.ts'
import { saidBy } from './said.ts'

/** What is due is looked up this often, and judged anew: a judgement may change with time alone, or with what the gauge answers. */
const lookedEveryMs = 5_000
/** Judgements that say the same are told again this often, for their age. */
const toldAnewMs = 10_000
/** What is asked so seldom outlives a restart: its answer took minutes, or the network. */
const seldomMs = 43_200_000
/** A question that failed is tried again after this long, each time twice as long. */
const firstRetryMs = 10_000
const longestRetryMs = 300_000
/** They tell of the way to the machine, or of a busy moment, and nothing of the machine itself. */
const failures: readonly UnknownReason[] = [
  'unreachable',
  'cancelled',
  'not-authenticated',
  'host-key',
  'timed-out',
]

/** What these checks need and no tick answers, each once. */
function askedFor(wanted: readonly Check[]): ProbeId[] {
  const needed = new Set(wanted.flatMap(({ needs }) => needs))
  return [...needed].filter((id) => probeById(id).gauge === undefined)
}

const askedForAll = askedFor(checks)

/** Keeps one Host's Checks: asks their probes when they are due, and judges after each answer. */
export interface CheckWatch {
  /**
   * Asks what is due, one after the other; called again at once it does nothing. Rejects when `signal` aborts or the Host cannot be
   * asked who it is.
   */
  askDue(signal: AbortSignal): Promise<void>
  /** Asks the probes of these checks again, whatever their age. */
  run(ids: readonly string[] | undefined, signal: AbortSignal): Promise<HostState['checks']>
}

export function createCheckWatch(options: {
  host: Host
  fleet: Fleet
  clock: Clock
  kept: KeptReadings
  identify(signal: AbortSignal): Promise<Identity>
}): CheckWatch {
  const { host, fleet, clock, kept } = options
  const isMachine = host.kind === 'local' || host.kind === 'ssh'
  const askedAt = new Map<ProbeId, number>()
  /** What failed, how often in a row, and when it is tried again: a probe, or with null the way to the machine. */
  const heldBack = new Map<ProbeId | null, { count: number; until: number }>()
  let lookedAt = Number.NEGATIVE_INFINITY
  let toldAt = 0
  let isRecalled = false

  const state = () => fleet.host(host.id)

  async function ask(ids: readonly ProbeId[], signal: AbortSignal, isForced: boolean) {
    const identity = await options.identify(signal)
    recall(identity)
    for (const id of ids) {
      if (!isForced && !isDue(id)) continue
      askedAt.set(id, clock.now())
      const reading = await readProbe(host, probeById(id), { signal })
      if (signal.aborted) {
        askedAt.delete(id)
        return
      }
      take(id, reading, identity)
      judge(identity)
      // without a way to the machine the others would fail as well
      if (isFailure(reading) && reading.reason !== 'timed-out') break
    }
    judge(identity)
  }

  /** A failure leaves the answer before it in place, with its age. */
  function take(id: ProbeId, reading: Reading, identity: Identity) {
    if (isFailure(reading)) {
      askedAt.delete(id)
      holdBack(reading.reason === 'timed-out' ? id : null)
      const before = state()?.readings[id]
      if (before !== undefined && !isFailure(before)) return
    } else {
      heldBack.delete(id)
      heldBack.delete(null)
      if (probeById(id).everyMs >= seldomMs && isMachine) kept.put(keyOf(identity), id, reading)
    }
    fleet.patchHost({ id: host.id, readings: { [id]: reading } })
  }

  function holdBack(what: ProbeId | null) {
    const count = (heldBack.get(what)?.count ?? 0) + 1
    const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** (count - 1))
    heldBack.set(what, { count, until: clock.now() + delayMs })
  }

  function isDue(id: ProbeId): boolean {
    const isHeldBack = [id, null].some((what) => clock.now() < (heldBack.get(what)?.until ?? 0))
    return !isHeldBack && ageMs(id) >= probeById(id).everyMs
  }

  /** The machine, not its entry in the settings: an entry may be pointed to another one. */
  function keyOf({ hostName, account }: Identity): string {
    return `${host.id} ${account}@${hostName}`
  }

  function recall(identity: Identity) {
    if (isRecalled || !isMachine) return
    isRecalled = true
    const readings = kept.get(keyOf(identity))
    if (Object.keys(readings).length > 0) fleet.patchHost({ id: host.id, readings })
  }

  /** Since a probe was asked, whoever asked: the tailnet of this machine is watched apart from its checks. */
  function ageMs(id: ProbeId): number {
    const askedBefore = askedAt.get(id)
    const reading = state()?.readings[id]
    const isAnswered = reading !== undefined && !isFailure(reading)
    return Math.min(
      askedBefore === undefined ? Number.POSITIVE_INFINITY : clock.now() - askedBefore,
      isAnswered ? host.now() - Date.parse(reading.at) : Number.POSITIVE_INFINITY,
    )
  }

  function judge({ platform }: Identity) {
    const before = state()
    if (before === undefined) return
    const isHere = host.kind === 'local'
    const results = judgeAll(before.readings, { platform, now: host.now(), isHere })
    const isNew = results.map(saidBy).join() !== before.checks.map(saidBy).join()
    if (!isNew && clock.now() - toldAt < toldAnewMs) return
    toldAt = clock.now()
    fleet.patchHost({ id: host.id, checks: results })
  }

  return {
    async askDue(signal) {
      if (clock.now() - lookedAt < lookedEveryMs) return
      lookedAt = clock.now()
      await ask(askedForAll, signal, false)
    },
    async run(ids, signal) {
      const wanted = checks.filter(({ id }) => ids === undefined || ids.includes(id))
      await ask(askedFor(wanted), signal, true)
      return state()?.checks ?? []
    },
  }
}

function isFailure(reading: Reading): reading is Unknown {
  return reading.kind === 'unknown' && failures.includes(reading.reason)
}
