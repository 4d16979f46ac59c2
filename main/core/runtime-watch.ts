import type { RuntimeState } from '../../preload/contract/models.ts'
import type { Host } from '../hosts/host.ts'
import type { Runtime } from '../runtimes/runtime.ts'
import { RuntimeError } from '../runtimes/runtime.ts'
import type { Clock } from './ports.ts'

/** What is loaded is asked this often while somebody looks at the Host; which models there are, more seldom. */
const loadedEveryMs = 2_000
const modelsEveryMs = 30_000
/** The same answer is told again this often, for its age. */
const toldAnewMs = 10_000
/** A Runtime that was not there is looked for this often. */
const detectEveryMs = 10_000

/** Keeps what is known of one Host's Runtimes up to date. */
export interface RuntimeWatch {
  states(): RuntimeState[]
  /** Asks what is due and resolves when all have answered. A Runtime that is still answering an earlier question is left alone. */
  poll(signal: AbortSignal): Promise<void>
  /** Asks this Runtime anew, after a load or an unload. Undefined where there was no answer. */
  refresh(runtimeId: string, signal: AbortSignal): Promise<RuntimeState | undefined>
}

interface Entry {
  runtime: Runtime
  state: RuntimeState
  /** Resolves with whether there was an answer. One question at a time. */
  asking: Promise<boolean> | null
  toldAt: number
  nextAt: { detect: number; loaded: number; models: number }
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
    nextAt: { detect: 0, loaded: 0, models: 0 },
  }))
  const states = () => entries.map((entry) => entry.state)

  function set(entry: Entry, fields: Partial<RuntimeState>) {
    const isNew = said({ ...entry.state, ...fields }) !== said(entry.state)
    entry.state = { ...entry.state, ...fields }
    if (!isNew && clock.now() - entry.toldAt < toldAnewMs) return
    entry.toldAt = clock.now()
    onChange(states())
  }

  function ask(entry: Entry, isForced: boolean, signal: AbortSignal): Promise<boolean> {
    entry.asking ??= askAndJudge(entry, isForced, signal).finally(() => {
      entry.asking = null
    })
    return entry.asking
  }

  async function askAndJudge(
    entry: Entry,
    isForced: boolean,
    signal: AbortSignal,
  ): Promise<boolean> {
    try {
      await askNow(entry, isForced, signal)
      return true
    } catch (error) {
      if (signal.aborted) return false
      // A server that is loading answers late: what was known stays, with its age.
      if (error instanceof RuntimeError && error.code === 'timeout') return false
      entry.nextAt.detect = clock.now() + detectEveryMs
      const isGone = error instanceof RuntimeError && error.code === 'not-running'
      set(entry, {
        ...{ state: isGone ? 'not-running' : 'unknown', detail: isGone ? null : String(error) },
        ...{ port: null, loaded: [], models: [], at: new Date(host.now()).toISOString() },
      })
      return isGone
    }
  }

  async function askNow(entry: Entry, isForced: boolean, signal: AbortSignal) {
    const { runtime, nextAt } = entry
    const now = clock.now()
    let port = entry.state.port
    if (port === null) {
      if (now < nextAt.detect && !isForced) return
      const detected = await runtime.detect(host, { signal })
      if (detected === null) throw new RuntimeError('not-running', 'nothing answers')
      port = detected.port
      nextAt.models = 0
      const actions = detected.actions === undefined ? {} : { actions: [...detected.actions] }
      set(entry, { state: 'running', detail: null, port, version: detected.version, ...actions })
    }
    const fields: Partial<RuntimeState> = {}
    if (now >= nextAt.loaded || isForced) {
      fields.loaded = await runtime.loaded(host, port, { signal })
      nextAt.loaded = clock.now() + loadedEveryMs - 100
    }
    if (now >= nextAt.models) {
      fields.models = await runtime.models(host, port, { signal })
      nextAt.models = clock.now() + modelsEveryMs
    }
    if (Object.keys(fields).length > 0) {
      set(entry, {
        ...fields,
        state: 'running',
        detail: null,
        at: new Date(host.now()).toISOString(),
      })
    }
  }

  return {
    states,
    async poll(signal) {
      await Promise.all(entries.map((entry) => ask(entry, false, signal)))
    },
    async refresh(runtimeId, signal) {
      const entry = entries.find(({ runtime }) => runtime.id === runtimeId)
      if (entry === undefined) return undefined
      // An answer that is on its way may be older than the action that this is called after.
      await entry.asking
      return (await ask(entry, true, signal)) ? entry.state : undefined
    },
  }
}

/** What is known of a Runtime, whatever its age. */
function said(state: RuntimeState): string {
  return JSON.stringify({ ...state, at: null })
}
