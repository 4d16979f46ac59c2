import type { HostState, MemoryBar, Sample } from '../../preload/contract/fleet.ts'
import type { Job } from '../../preload/contract/jobs.ts'
import type { Reading } from '../../preload/contract/readings.ts'
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

/** Bytes that the processes of these Runtimes hold; null where the processes are not known. */
export function footprintOf(runtimes: readonly Runtime[], readings: Readings): number | null {
  const items = valueIn(readings, 'processes')?.items
  if (items === undefined) return null
  const names = new Set(runtimes.flatMap((runtime) => runtime.processNames))
  const held = items.filter(({ name }) => names.has(name))
  return held.reduce((sum, { footprintBytes }) => sum + (footprintBytes ?? 0), 0)
}

export interface BarSource {
  readings: Readings
  states: HostState['runtimes']
  runtimes: readonly Runtime[]
  /** Loads in progress on this Host. */
  loads: readonly Job[]
}

/** The memory bar from what is known now; null before memory was read. */
export function barOf({ readings, states, runtimes, loads }: BarSource): MemoryBar | null {
  const memory = valueIn(readings, 'memory')
  const at = readings.memory?.at
  if (memory === null || at === undefined) return null
  const isLoading = (runtimeId: string, modelId: string) =>
    loads.some(({ subject }) => subject === `${runtimeId}/${modelId}`)
  return memoryBar({
    ...{ memory, at, limit: valueIn(readings, 'gpu-limit') },
    models: states.flatMap(({ id, loaded }) =>
      loaded.flatMap(({ modelId, sizeBytes }) =>
        sizeBytes === null || isLoading(id, modelId) ? [] : [{ name: modelId, bytes: sizeBytes }],
      ),
    ),
    loading: loads.map(({ subject, progress }) => ({
      name: subject.slice(subject.indexOf('/') + 1),
      bytes: progress?.doneBytes ?? 0,
      totalBytes: progress?.totalBytes ?? null,
    })),
    // While a load grows, its process is ahead of what the Runtime says, and that is no disagreement.
    processesBytes: loads.length > 0 ? null : footprintOf(runtimes, readings),
  })
}
