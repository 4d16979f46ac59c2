import { applyChange } from '../../preload/contract/change.ts'
import type { FleetEvent, FleetState } from '../../preload/contract/fleet.ts'

export interface FollowOptions {
  /** Opens the stream; it ends or rejects when the connection is lost or `signal` aborts. */
  watch(focus: string | null, signal: AbortSignal): Promise<AsyncIterable<FleetEvent>>
  onState(state: FleetState): void
  /** Resolves after a while, or at once when `signal` aborts. */
  pause(signal: AbortSignal): Promise<void>
}

/** Keeps a FleetState up to date while it is on. */
export interface Following {
  /** `isVisible` false closes the stream: then nobody looks. Another focus opens it anew. */
  follow(isVisible: boolean, focus: string | null): void
}

export function followFleet({ watch, onState, pause }: FollowOptions): Following {
  let abort: AbortController | null = null
  let current: string | null = null

  async function run(focus: string | null, signal: AbortSignal) {
    while (!signal.aborted) {
      let hasGap = false
      try {
        hasGap = await readUntilGap(await watch(focus, signal), signal)
      } catch {
        // Lost: the same as a stream that ended.
      }
      if (!hasGap && !signal.aborted) await pause(signal)
    }
  }

  /** True when a revision was missing: then a snapshot is asked for at once. False when the stream ended. */
  async function readUntilGap(
    events: AsyncIterable<FleetEvent>,
    signal: AbortSignal,
  ): Promise<boolean> {
    let state: FleetState | null = null
    for await (const event of events) {
      if (signal.aborted) return false
      state = event.kind === 'snapshot' ? event.state : state && applyChange(state, event)
      if (state === null) return true
      onState(state)
    }
    return false
  }

  return {
    follow(isVisible, focus) {
      const isOn = abort !== null
      if (isOn === isVisible && (!isVisible || focus === current)) return
      abort?.abort()
      abort = null
      current = focus
      if (!isVisible) return
      abort = new AbortController()
      void run(focus, abort.signal)
    },
  }
}
