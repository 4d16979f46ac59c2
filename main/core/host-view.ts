import type { HostState, MemoryBar, Sample } from '../../preload/contract/fleet.ts'
import type { Job } from '../../preload/contract/jobs.ts'
import type { RuntimeState } from '../../preload/contract/models.ts'
import type { Reading } from '../../preload/contract/readings.ts'
import { heldModels, isFresh, processesOf } from '../models/held.ts'
import { memoryBar } from '../models/memory-bar.ts'
import type { ProbeId, ProbeValue } from '../probes/index.ts'
import type { Runtime } from '../runtimes/runtime.ts'

/** What the page shows of a Host that no single reading says: pure functions of what is known. */

export type Readings = HostState['readings']

/** The value of a probe, or null where it is unknown or was not asked. */
export function valueIn<Id extends ProbeId>(readings: Readings, id: Id): ProbeValue<Id> | null {
  // The probe of an id makes the reading of that id.
  const reading = readings[id] as Reading<ProbeValue<Id>> | undefined
  return reading?.kind === 'value' ? reading.value : null
}

/** A point of the histories, from the readings of one tick alone: what had no answer is a gap. */
export function sampleOf(readings: Readings, at: number): Sample {
  return {
    at,
    gpuRatio: valueIn(readings, 'gpu')?.deviceUtilisationRatio ?? null,
    cpuRatio: valueIn(readings, 'cpu')?.loadRatio ?? null,
    usedBytes: valueIn(readings, 'memory')?.usedBytes ?? null,
  }
}

/** Bytes that the processes of a Runtime hold; null where the processes are not known. */
export function footprintOf(runtime: Runtime, readings: Readings): number | null {
  const items = valueIn(readings, 'processes')?.items
  if (items === undefined) return null
  return processesOf(runtime, [], items).reduce((sum, item) => sum + item.footprintBytes, 0)
}

export interface BarSource {
  readings: Readings
  states: readonly RuntimeState[]
  runtimes: readonly Runtime[]
  /** Loads in progress on this Host. */
  loads: readonly Job[]
}

/** The memory bar from what is known now; null before memory was read. */
export function barOf({ readings, states, runtimes, loads }: BarSource): MemoryBar | null {
  const memory = valueIn(readings, 'memory')
  const at = readings.memory?.at
  if (memory === null || at === undefined) return null
  const loading = loads.map(({ subject, progress, startedAt }) => {
    const end = subject.indexOf('/')
    const [runtimeId, name] = [subject.slice(0, end), subject.slice(end + 1)]
    const totalBytes = progress?.totalBytes ?? null
    const bytes = progress?.doneBytes ?? 0
    return { runtimeId, modelId: name, name, bytes, totalBytes, startedAt }
  })
  const processes = valueIn(readings, 'processes')?.items ?? null
  const isOfNow = isFresh({ at: readings.processes?.at ?? null }, at)
  const { models, untold, compared } = heldModels({
    ...{ states, runtimes, loading, at },
    processes: isOfNow ? processes : null,
  })
  const bar = memoryBar({
    ...{ memory, at, limit: valueIn(readings, 'gpu-limit'), models, loading },
    ...(compared ?? { processesBytes: null }),
  })
  const gpuLimit = readings['gpu-limit']
  const isLimitKnown =
    gpuLimit?.kind === 'value' ||
    (gpuLimit?.kind === 'unknown' && gpuLimit.reason === 'not-supported')
  if (bar === null || (untold.length === 0 && isLimitKnown)) return bar
  const silent = untold.find((state) => isFresh(state, at))
  return {
    ...{ ...bar, roomBytes: null },
    ...(silent && {
      roomUnknown: { key: 'popover.memory.room-unknown.models', params: { name: silent.name } },
    }),
    ...(gpuLimit !== undefined &&
      !isLimitKnown && { roomUnknown: { key: 'popover.memory.room-unknown.limit' } }),
  }
}
