import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { alertSchema } from './alerts.ts'
import { call, hostId, isoTime, messageSchema, roleSchema } from './base.ts'
import { checkResultSchema } from './checks.ts'
import { linkSchema } from './hosts.ts'
import { jobSchema } from './jobs.ts'
import { runtimeStateSchema } from './models.ts'
import { readingSchema } from './readings.ts'
import { tunnelSchema } from './tunnels.ts'

/** One point of the histories, kept for two minutes. Ratios are 0 to 1; null where the tick had no answer. */
export const sampleSchema = z.object({
  /** Milliseconds since 1970. */
  at: z.number(),
  gpuRatio: z.number().nullable(),
  cpuRatio: z.number().nullable(),
  usedBytes: z.number().nullable(),
})
export type Sample = z.infer<typeof sampleSchema>

/** A piece of the memory bar. The pieces sum exactly to `totalBytes`. */
export const memorySegmentSchema = z.object({
  kind: z.enum(['model', 'loading', 'apps', 'compressed', 'available']),
  /** The model's name, for `model` and `loading`. */
  label: z.string().nullable(),
  bytes: z.int().min(0),
})
export type MemorySegment = z.infer<typeof memorySegmentSchema>

/** Unified memory as one bar, and the room that is left for models. */
export const memoryBarSchema = z.object({
  totalBytes: z.int(),
  segments: z.array(memorySegmentSchema),
  /** What the GPU may hold; null where the Host has no such limit (Linux without a GPU). */
  limit: z
    .object({ bytes: z.int(), source: z.enum(['sysctl', 'metal', 'runtime-log', 'estimate']) })
    .nullable(),
  /**
   * limit - models - what loads still take, never more than is available. Null where what is loaded is not known, neither from the
   * runtimes nor from their processes.
   */
  roomBytes: z.int().nullable(),
  /** With a `roomBytes` of null: why, where more than the next answer is missing. */
  roomUnknown: messageSchema.optional(),
  /** Where the footprint of the runtimes' processes and the runtimes' own figure part by more than a tenth. */
  disagreement: z.object({ runtimesBytes: z.int(), processesBytes: z.int() }).nullable(),
  at: isoTime,
})
export type MemoryBar = z.infer<typeof memoryBarSchema>

/** All that is known of one Host now. */
export const hostStateSchema = z.object({
  id: hostId,
  name: z.string(),
  kind: z.enum(['local', 'ssh', 'recorded', 'demo']),
  platform: z.enum(['darwin', 'linux']).nullable(),
  account: z.string().nullable(),
  /** Of the account on this Host; null until it was read. */
  role: roleSchema.nullable(),
  link: linkSchema,
  /** By probe id. The shapes are the probes' own; see `main/probes/`. */
  readings: z.record(z.string(), readingSchema),
  samples: z.array(sampleSchema),
  memoryBar: memoryBarSchema.nullable(),
  runtimes: z.array(runtimeStateSchema),
  checks: z.array(checkResultSchema),
})
export type HostState = z.infer<typeof hostStateSchema>

/** Everything the page shows. `revision` grows by one with each change. */
export const fleetStateSchema = z.object({
  revision: z.int(),
  hosts: z.array(hostStateSchema),
  jobs: z.array(jobSchema),
  alerts: z.array(alertSchema),
  tunnels: z.array(tunnelSchema),
})
export type FleetState = z.infer<typeof fleetStateSchema>

/** What changed of one Host: `readings` are merged by id, `addSamples` appended, other fields replaced. */
export const hostPatchSchema = hostStateSchema
  .omit({ samples: true })
  .partial()
  .required({ id: true })
  .extend({ addSamples: z.array(sampleSchema).optional() })
export type HostPatch = z.infer<typeof hostPatchSchema>

/** A snapshot first, then changes. A gap in `revision` means: ask anew. */
export const fleetEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), state: fleetStateSchema }),
  z.object({
    kind: z.literal('change'),
    revision: z.int(),
    hosts: z.array(hostPatchSchema).optional(),
    /** New hosts, whole; `order` lists all ids in display order whenever hosts came or went. */
    addedHosts: z.array(hostStateSchema).optional(),
    order: z.array(hostId).optional(),
    /** All of them, whenever one changed. */
    jobs: z.array(jobSchema).optional(),
    alerts: z.array(alertSchema).optional(),
    tunnels: z.array(tunnelSchema).optional(),
  }),
])
export type FleetEvent = z.infer<typeof fleetEventSchema>
export type FleetChange = Extract<FleetEvent, { kind: 'change' }>

export const fleet = {
  /**
   * The one stream of changes. While it is open somebody looks: the Hosts are asked every `openEveryMs`. The page closes
   * it when it is hidden. `focus` is the Host on display: its models and processes are asked as well.
   */
  watch: call({ role: 'guest', on: 'here' })
    .input(z.object({ focus: hostId.nullable() }))
    .output(eventIterator(fleetEventSchema)),
}
