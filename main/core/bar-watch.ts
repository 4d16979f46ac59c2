import type { HostPatch, MemoryBar } from '../../preload/contract/fleet.ts'
import type { RuntimeState } from '../../preload/contract/models.ts'
import type { Runtime } from '../runtimes/runtime.ts'
import type { Fleet } from './fleet.ts'
import { barOf, type Readings } from './host-view.ts'
import type { Clock } from './ports.ts'

/** After a load or an unload the lists and the processes are of different moments for so long. */
const disagreesAfterMs = 10_000

/** Keeps one Host's memory bar. */
export interface BarWatch {
  /** The bar from what is known now, as a part of a change. */
  patch(states: readonly RuntimeState[], fresh?: Readings): Partial<HostPatch>
}

export function createBarWatch(options: {
  hostId: string
  runtimes: readonly Runtime[]
  fleet: Fleet
  clock: Clock
}): BarWatch {
  const { hostId, runtimes, fleet, clock } = options
  let disagreesSince: number | null = null

  /** Only a disagreement that lasts is one. */
  function settled(bar: MemoryBar): MemoryBar {
    const now = clock.monotonic()
    disagreesSince = bar.disagreement === null ? null : (disagreesSince ?? now)
    const isSettled = disagreesSince === null || now - disagreesSince >= disagreesAfterMs
    return isSettled ? bar : { ...bar, disagreement: null }
  }

  return {
    patch(states, fresh) {
      const { jobs } = fleet.get()
      const state = fleet.host(hostId)
      const loads = jobs.filter(
        (job) => job.hostId === hostId && job.kind === 'load-model' && job.endedAt === null,
      )
      const readings = { ...state?.readings, ...fresh }
      const bar = barOf({ readings, states, runtimes, loads })
      if (bar === null) return state?.memoryBar === null ? {} : { memoryBar: null }
      return { memoryBar: settled(bar) }
    },
  }
}
