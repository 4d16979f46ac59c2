import type { MemoryBar, MemorySegment } from '../../preload/contract/fleet.ts'
import type { GpuLimitValue } from '../probes/gpu-limit.ts'
import type { MemoryValue } from '../probes/memory.ts'

/** A model in memory, as its Runtime says or as it was measured. */
export interface HeldModel {
  name: string
  bytes: number
}

/** A load in progress: what it has taken so far, measured, and what it will take in all, if known. */
export interface LoadingModel extends HeldModel {
  totalBytes: number | null
}

export interface MemoryBarInput {
  memory: Pick<MemoryValue, 'totalBytes' | 'usedBytes' | 'compressedBytes'>
  limit: Pick<GpuLimitValue, 'limitBytes' | 'source'> | null
  models: readonly HeldModel[]
  loading: readonly LoadingModel[]
  /** Footprint of the Runtimes' processes; null where it is not known, or not to be compared. */
  processesBytes: number | null
  /** The Runtimes' own figure for the same. @default the sum of `models` and `loading` */
  runtimesBytes?: number
  at: string
}

/**
 * One bar whose pieces sum exactly to `totalBytes`.
 *
 * apps = used - models - compressed, never below 0. Where models hold more than the machine calls used (weights mapped
 * from a file count as cache), they are shown whole and what is available shrinks by it. Null where the total is not known.
 */
export function memoryBar(input: MemoryBarInput): MemoryBar | null {
  const { memory, limit, at } = input
  const { totalBytes, usedBytes } = memory
  if (totalBytes === null || usedBytes === null || !(totalBytes > 0)) return null
  let leftBytes = totalBytes
  const take = (bytes: number) => {
    const taken = Math.min(leftBytes, Math.max(0, Math.round(bytes)))
    leftBytes -= taken
    return taken
  }
  const segments: MemorySegment[] = []
  const hold = (kind: 'model' | 'loading', { name, bytes }: HeldModel) => {
    const taken = take(bytes)
    segments.push({ kind, label: name, bytes: taken })
    return taken
  }
  let heldBytes = 0
  for (const model of input.models) heldBytes += hold('model', model)
  for (const model of input.loading) heldBytes += hold('loading', model)
  const compressedBytes = take(memory.compressedBytes ?? 0)
  const appsBytes = take(usedBytes - heldBytes - compressedBytes)
  segments.push({ kind: 'apps', label: null, bytes: appsBytes })
  segments.push({ kind: 'compressed', label: null, bytes: compressedBytes })
  segments.push({ kind: 'available', label: null, bytes: leftBytes })

  const stillBytes = input.loading.reduce(
    (sum, { bytes, totalBytes: whole }) => sum + Math.max(0, (whole ?? bytes) - bytes),
    0,
  )
  const ceilingBytes = limit?.limitBytes ?? totalBytes
  const roomBytes = Math.max(0, Math.min(ceilingBytes - heldBytes, leftBytes) - stillBytes)
  return {
    totalBytes,
    segments,
    limit: limit?.limitBytes == null ? null : { bytes: limit.limitBytes, source: limit.source },
    roomBytes: Math.round(roomBytes),
    disagreement: disagreement(input.runtimesBytes ?? heldBytes, input.processesBytes),
    at,
  }
}

function disagreement(
  runtimesBytes: number,
  processesBytes: number | null,
): MemoryBar['disagreement'] {
  if (processesBytes === null) return null
  const isApart = Math.abs(processesBytes - runtimesBytes) > Math.max(runtimesBytes / 10, 1e9)
  return isApart ? { runtimesBytes, processesBytes: Math.round(processesBytes) } : null
}
