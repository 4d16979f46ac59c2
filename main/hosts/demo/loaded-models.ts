import type { Clock } from '../../core/ports.ts'

/** A model that takes memory now, and how much of it. */
export interface HeldModel {
  name: string
  bytes: number
}

/** A model that is loaded, or on its way in or out. */
export interface LoadedModel {
  readonly name: string
  readonly sizeBytes: number
  /** Null: kept until somebody unloads it. */
  readonly expiresAt: number | null
  /** When its unload began; null: nobody asked for that, and it has not expired. */
  readonly endsFrom: number | null
}

/** The models of a demo, which load and unload by the clock. */
export interface LoadedModels {
  /** Now, the one that stays longest first. */
  list(): LoadedModel[]
  held(): HeldModel[]
  /**
   * Resolves when it is loaded, with false where the asker left or the load was ended. Makes room first. Once loaded it is kept for
   * `keepMs`; null is for ever.
   */
  load(
    name: string,
    sizeBytes: number,
    keepMs: number | null,
    signal: AbortSignal,
  ): Promise<boolean>
  /** Begins to; nothing where it is not loaded. */
  unload(name: string): void
  /** Resolves when no load is in progress or nobody waits any more. */
  untilLoaded(signal: AbortSignal): Promise<void>
}

/** A fast SSD, and not so fast that nobody sees it. */
const loadBytesPerMs = 14_000_000
const loadMs = { min: 2_500, max: 20_000 }
const unloadMs = 700

interface Running extends LoadedModel {
  loadsFrom: number
  loadsUntil: number
  expiresAt: number | null
  endsFrom: number | null
}

/** @param loaded are there from the beginning. */
export function createLoadedModels(
  loaded: readonly Pick<LoadedModel, 'name' | 'sizeBytes' | 'expiresAt'>[],
  { clock, limitBytes }: { clock: Clock; limitBytes: number },
): LoadedModels {
  const running = new Map<string, Running>()
  for (const one of loaded) {
    running.set(one.name, { ...one, loadsFrom: 0, loadsUntil: 0, endsFrom: null })
  }

  /** Lets time pass: what expired ends, what ended is gone. */
  function settle(): number {
    const now = clock.now()
    for (const one of running.values()) {
      if (one.endsFrom === null && one.expiresAt !== null && one.expiresAt <= now) {
        one.endsFrom = one.expiresAt
      }
      if (one.endsFrom !== null && one.endsFrom + unloadMs <= now) running.delete(one.name)
    }
    return now
  }

  function heldBytes(one: Running, now: number): number {
    const loading = one.loadsUntil - one.loadsFrom
    const until = one.endsFrom ?? now
    const ratio = loading === 0 ? 1 : Math.min(1, Math.max(0, (until - one.loadsFrom) / loading))
    const left = one.endsFrom === null ? 1 : Math.max(0, 1 - (now - one.endsFrom) / unloadMs)
    return Math.round(one.sizeBytes * ratio * left)
  }

  /** Makes room as Ollama does: the model that would end first goes first. */
  function makeRoom(sizeBytes: number, now: number): void {
    const others = [...running.values()]
      .filter(({ endsFrom }) => endsFrom === null)
      .sort((a, b) => compare(endOf(a), endOf(b)))
    let taken = others.reduce((sum, one) => sum + one.sizeBytes, 0)
    for (const one of others) {
      if (taken + sizeBytes <= limitBytes) return
      taken -= one.sizeBytes
      one.endsFrom = now
    }
  }

  return {
    list() {
      settle()
      return [...running.values()].sort((a, b) => compare(endOf(b), endOf(a)))
    },
    held() {
      const now = settle()
      return [...running.values()].map((one) => ({ name: one.name, bytes: heldBytes(one, now) }))
    },
    async load(name, sizeBytes, keepMs, signal) {
      const now = settle()
      let one = running.get(name)
      if (one === undefined || one.endsFrom !== null) {
        makeRoom(sizeBytes, now)
        const takesMs = Math.min(loadMs.max, Math.max(loadMs.min, sizeBytes / loadBytesPerMs))
        one = {
          ...{ name, sizeBytes, expiresAt: null, endsFrom: null },
          ...{ loadsFrom: now, loadsUntil: now + takesMs },
        }
        running.set(name, one)
      }
      // the timer begins with the end of the load, whether or not the asker is still there
      one.expiresAt = keepMs === null ? null : Math.max(now, one.loadsUntil) + keepMs
      await waitUntil(clock, () => one.endsFrom !== null || clock.now() >= one.loadsUntil, signal)
      return !signal.aborted && one.endsFrom === null
    },
    unload(name) {
      const now = settle()
      const one = running.get(name)
      if (one !== undefined) one.endsFrom ??= now
    },
    untilLoaded(signal) {
      const isLoading = () =>
        [...running.values()].some(
          ({ loadsUntil, endsFrom }) => endsFrom === null && loadsUntil > clock.now(),
        )
      return waitUntil(clock, () => !isLoading(), signal)
    },
  }
}

function endOf({ expiresAt }: LoadedModel): number {
  return expiresAt ?? Number.POSITIVE_INFINITY
}

function compare(one: number, other: number): number {
  return one === other ? 0 : one - other
}

const lookEveryMs = 100

/** Resolves when the condition holds or nobody waits any more. */
function waitUntil(clock: Clock, holds: () => boolean, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (holds() || signal.aborted) resolve()
      else clock.after(lookEveryMs, look)
    }
    look()
  })
}
