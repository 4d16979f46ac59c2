import type { Alert } from '../../preload/contract/alerts.ts'
import type { Fleet } from '../core/fleet.ts'
import type { Clock, Desktop, SettingsStore } from '../core/ports.ts'
import type { AlertCandidate, AlertRule, Seen } from './alert.ts'
import { alertRules } from './index.ts'
import { remember, viewOf } from './view.ts'

/** Somewhat less than a tick, so that a judgement goes with each. */
const judgedEveryMs = 900
/** A cause that is gone for less may be back at once. */
const goneAfterMs = 5_000
const notifiedEveryMs = 3_600_000

interface Entry {
  rule: AlertRule
  candidate: AlertCandidate
  /** When the condition began: as the person reads it, and monotonic. */
  since: string
  beganAt: number
  isRaised: boolean
  /** It was still so after everything was asked anew. */
  isConfirmed: boolean
  goneAt: number | null
}

/** Applies the rules to the state, keeps `FleetState.alerts`, and notifies of new ones. */
export function createAlertWatch(options: {
  fleet: Fleet
  clock: Clock
  desktop: Pick<Desktop, 'notify'>
  settings: Pick<SettingsStore, 'get' | 'onChange'>
  /** Asks this machine's Tailscale again: before an alert is raised, so that none is of long ago. */
  confirm(): Promise<void>
  /** Somebody looks at Studiolo: what they see needs no notification. */
  isLookedAt(): boolean
  /** @default alertRules */
  rules?: readonly AlertRule[]
}): { close(): void } {
  const { fleet, clock, settings, rules = alertRules } = options
  const entries = new Map<string, Entry>()
  const notifiedAt = new Map<string, number>()
  let seen: ReadonlyMap<string, Seen> = new Map()
  let judgedAt = Number.NEGATIVE_INFINITY
  let isConfirming = false
  let isClosed = false
  let cancelJudging: (() => void) | null = null
  let cancelDue = () => {}

  function judgeSoon() {
    if (cancelJudging !== null || isClosed) return
    const waitMs = judgedAt + judgedEveryMs - clock.monotonic()
    if (waitMs > 0) cancelJudging = clock.after(waitMs, judge)
    else {
      // with the tick that brought the news: the process need not wake up once more
      cancelJudging = () => {}
      queueMicrotask(judge)
    }
  }

  function judge() {
    cancelJudging?.()
    cancelJudging = null
    if (isClosed) return
    const at = clock.monotonic()
    judgedAt = at
    const { settings: current } = settings.get()
    const view = viewOf(fleet.get(), current, seen, clock.now())
    seen = new Map([...seen, ...remember(view)])
    for (const rule of rules) {
      const candidates = rule.judge(view)
      if (candidates !== null) follow(rule, candidates, at)
    }
    for (const [id, { candidate }] of entries) {
      const { hostId } = candidate
      if (hostId !== null && !current.hosts.some((host) => host.id === hostId)) entries.delete(id)
    }
    for (const entry of entries.values())
      if (isDue(entry, at) && entry.isConfirmed) raise(entry, at)
    publish()
    wakeWhenDue(at)
  }

  /** Takes over what one rule finds now. */
  function follow(rule: AlertRule, candidates: readonly AlertCandidate[], at: number) {
    for (const candidate of candidates) {
      const entry = entries.get(candidate.id)
      if (entry !== undefined) Object.assign(entry, { candidate, goneAt: null })
      else {
        entries.set(candidate.id, {
          ...{ rule, candidate, since: new Date(clock.now()).toISOString(), beganAt: at },
          ...{ isRaised: false, isConfirmed: false, goneAt: null },
        })
      }
    }
    const found = new Set(candidates.map(({ id }) => id))
    for (const [id, entry] of entries) {
      if (entry.rule !== rule || found.has(id)) continue
      entry.goneAt ??= at
      if (!entry.isRaised || at - entry.goneAt >= goneAfterMs) entries.delete(id)
    }
  }

  function isDue({ isRaised, beganAt, rule }: Entry, at: number) {
    return !isRaised && at - beganAt >= rule.appearsAfterMs
  }

  function raise(entry: Entry, at: number) {
    entry.isRaised = true
    const { id, isQuiet } = entry.candidate
    if (isQuiet === true || !settings.get().settings.isNotified) return
    const before = notifiedAt.get(id)
    if (before !== undefined && at - before < notifiedEveryMs) return
    notifiedAt.set(id, at)
    if (!options.isLookedAt()) options.desktop.notify(alertOf(entry))
  }

  function publish() {
    const alerts = rules.flatMap((rule) =>
      [...entries.values()].filter((entry) => entry.rule === rule && entry.isRaised).map(alertOf),
    )
    if (JSON.stringify(alerts) !== JSON.stringify(fleet.get().alerts)) fleet.setAlerts(alerts)
  }

  /** For what changes with time alone. */
  function wakeWhenDue(at: number) {
    cancelDue()
    if (isConfirming) return
    const waits = [...entries.values()].flatMap(({ isRaised, beganAt, goneAt, rule }) => {
      if (!isRaised) return [beganAt + rule.appearsAfterMs - at]
      return goneAt === null ? [] : [goneAt + goneAfterMs - at]
    })
    if (waits.length === 0) return
    const confirmOrJudge = () => {
      const due = [...entries.values()].filter((entry) => isDue(entry, clock.monotonic()))
      if (due.length === 0) judge()
      else void confirm(due)
    }
    cancelDue = clock.after(Math.max(0, Math.min(...waits)), confirmOrJudge)
  }

  async function confirm(due: readonly Entry[]) {
    isConfirming = true
    await options.confirm()
    isConfirming = false
    for (const entry of due) entry.isConfirmed = true
    judge()
  }

  const unsubscribe = fleet.subscribe(({ hosts, addedHosts, order, jobs }) => {
    if (hosts ?? addedHosts ?? order ?? jobs) judgeSoon()
  })
  const unfollow = settings.onChange(judgeSoon)
  judgeSoon()

  return {
    close() {
      isClosed = true
      unsubscribe()
      unfollow()
      cancelJudging?.()
      cancelDue()
    },
  }
}

function alertOf({ candidate, since }: Entry): Alert {
  const { isQuiet: _, ...alert } = candidate
  return { ...alert, since }
}
