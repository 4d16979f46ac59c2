import type { RuntimeState } from '../../preload/contract/models.ts'
import { type Host, HostError } from '../hosts/host.ts'
import type { Runtime } from '../runtimes/runtime.ts'
import { RuntimeError } from '../runtimes/runtime.ts'
import type { Clock } from './ports.ts'
import { saidBy } from './said.ts'

/** What is loaded is asked this often while somebody looks at the Host; which models there are, more seldom. */
const loadedEveryMs = 2_000
const modelsEveryMs = 30_000
/** The same answer is told again this often, for its age. */
const toldAnewMs = 10_000
/** A Runtime that was not there is looked for this often, for a minute: it may be about to start. Later more seldom. */
const detectEveryMs = 10_000
const detectSeldomMs = 30_000
const goneMs = 60_000
/** For the menu bar's number the models are asked this much more seldom. */
const seldomModelsMs = 300_000
/** A server that answers late keeps its last answer so long; then what it holds is not known. */
const keptMs = 60_000

/** Keeps what is known of one Host's Runtimes up to date. */
export interface RuntimeWatch {
  states(): RuntimeState[]
  /**
   * Asks what is due and resolves when all have answered. A Runtime that is still answering an earlier question is left alone. `isLean`:
   * for the menu bar, which needs to know what is loaded, and seldom which models there are.
   */
  poll(signal: AbortSignal, isLean?: boolean): Promise<void>
  /** Somebody begins to look: what was not there is looked for with the next poll. */
  lookAnew(): void
  /** Asks this Runtime anew, after a load or an unload. Undefined where there was no answer. */
  refresh(runtimeId: string, signal: AbortSignal): Promise<RuntimeState | undefined>
}

interface Entry {
  runtime: Runtime
  state: RuntimeState
  /** Resolves with whether there was an answer. One question at a time. */
  asking: Promise<boolean> | null
  toldAt: number
  /** Of the last answer; monotonic, null where what was answered no longer counts. */
  heardAt: number | null
  /** Nothing was there since then; monotonic. */
  missedSince: number | null
  nextAt: { detect: number; loaded: number; models: number }
}

interface How {
  isForced: boolean
  isLean: boolean
}

function emptyState(runtime: Runtime): RuntimeState {
  const actions: RuntimeState['actions'] = []
  if (runtime.load !== undefined) actions.push('load')
  if (runtime.unload !== undefined) actions.push('unload')
  const { id, name } = runtime
  return {
    ...{ id, name, state: 'unknown', detail: null, version: null, port: null },
    ...{ models: [], loaded: [], actions, at: null },
  }
}

export function createRuntimeWatch(options: {
  host: Host
  runtimes: readonly Runtime[]
  clock: Clock
  /** Called after each change. */
  onChange(states: RuntimeState[]): void
}): RuntimeWatch {
  const { host, runtimes, clock, onChange } = options
  const entries: Entry[] = runtimes.map((runtime) => ({
    runtime,
    state: emptyState(runtime),
    asking: null,
    toldAt: 0,
    heardAt: null,
    missedSince: null,
    nextAt: { detect: 0, loaded: 0, models: 0 },
  }))
  const states = () => entries.map((entry) => entry.state)

  function set(entry: Entry, fields: Partial<RuntimeState>) {
    const isNew = saidBy({ ...entry.state, ...fields }) !== saidBy(entry.state)
    entry.state = { ...entry.state, ...fields }
    if (!isNew && clock.now() - entry.toldAt < toldAnewMs) return
    entry.toldAt = clock.now()
    onChange(states())
  }

  function ask(entry: Entry, how: How, signal: AbortSignal): Promise<boolean> {
    entry.asking ??= askAndJudge(entry, how, signal).finally(() => {
      entry.asking = null
    })
    return entry.asking
  }

  async function askAndJudge(entry: Entry, how: How, signal: AbortSignal): Promise<boolean> {
    try {
      await askNow(entry, how, signal)
      return true
    } catch (error) {
      const isGone = error instanceof RuntimeError && error.code === 'not-running'
      if (isGone) entry.missedSince ??= clock.monotonic()
      const isLongGone = isGone && clock.monotonic() - (entry.missedSince ?? 0) >= goneMs
      entry.nextAt.detect = clock.now() + (isLongGone ? detectSeldomMs : detectEveryMs)
      if (signal.aborted || (await isKept(entry, error, signal))) return false
      heard(entry, {
        ...{ state: isGone ? 'not-running' : 'unknown', detail: isGone ? null : String(error) },
        ...{ port: null, loaded: [], models: [] },
      })
      if (!isGone) entry.heardAt = null
      return isGone
    }
  }

  /**
   * A server that is busy answers late, and a connection may be lost for a moment: what was known stays for a while, with its age. A
   * server that loads may take much longer, and says meanwhile that it is there.
   */
  async function isKept(entry: Entry, error: unknown, signal: AbortSignal): Promise<boolean> {
    const isLate = error instanceof RuntimeError && error.code === 'timeout'
    if (!isLate && !(error instanceof HostError)) return false
    if (entry.heardAt !== null && clock.monotonic() - entry.heardAt < keptMs) return true
    if (!isLate || entry.state.port === null) return false
    const there = await entry.runtime.detect(host, { signal }).catch(() => null)
    return there !== null || signal.aborted
  }

  function heard(entry: Entry, fields: Partial<RuntimeState>) {
    entry.heardAt = clock.monotonic()
    set(entry, { ...fields, at: new Date(host.now()).toISOString() })
  }

  async function askNow(entry: Entry, { isForced, isLean }: How, signal: AbortSignal) {
    const { runtime, nextAt } = entry
    const now = clock.now()
    let port = entry.state.port
    if (port === null) {
      if (now < nextAt.detect && !isForced) return
      const detected = await runtime.detect(host, { signal })
      if (detected === null) throw new RuntimeError('not-running', 'nothing answers')
      port = detected.port
      entry.missedSince = null
      nextAt.models = 0
      const actions = detected.actions === undefined ? {} : { actions: [...detected.actions] }
      const { version } = detected
      // without an age: it is there, and what it holds was not answered yet
      set(entry, { state: 'running', detail: null, port, version, at: null, ...actions })
    }
    let answered: Partial<RuntimeState> | null = null
    try {
      if (now >= nextAt.loaded || isForced) {
        answered = { loaded: await runtime.loaded(host, port, { signal }) }
        nextAt.loaded = clock.now() + loadedEveryMs - 100
      }
      if (now >= nextAt.models + (isLean ? seldomModelsMs : 0)) {
        answered = { ...answered, models: await runtime.models(host, port, { signal }) }
        nextAt.models = clock.now() + modelsEveryMs
      }
    } finally {
      // an answer counts, also where the next question had none
      if (answered !== null) heard(entry, { ...answered, state: 'running', detail: null })
    }
  }

  return {
    states,
    async poll(signal, isLean = false) {
      await Promise.all(entries.map((entry) => ask(entry, { isForced: false, isLean }, signal)))
    },
    lookAnew() {
      for (const entry of entries) {
        entry.missedSince = null
        entry.nextAt.detect = 0
      }
    },
    async refresh(runtimeId, signal) {
      const entry = entries.find(({ runtime }) => runtime.id === runtimeId)
      if (entry === undefined) return undefined
      // An answer that is on its way may be older than the action that this is called after.
      await entry.asking
      const isAnswered = await ask(entry, { isForced: true, isLean: false }, signal)
      return isAnswered ? entry.state : undefined
    },
  }
}
