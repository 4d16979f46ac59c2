import type { Reading } from '../../preload/contract/readings.ts'
import type { Probe } from './probe.ts'

/** All probes, in display order. */
export const probes = [] as const satisfies readonly Probe[]

export type ProbeId = string
export type ReadingOf<_Id extends ProbeId> = Reading
