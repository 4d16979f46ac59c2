import type { MemoryBar } from '../../../preload/contract/fleet.ts'

/** What a load would do, from the file's size alone: the memory for its context comes on top. */
export type Forecast =
  | { kind: 'unknown' }
  | { kind: 'fits' | 'tight'; leftBytes: number }
  | {
      kind: 'too-big'
      missingBytes: number
      /** The model whose unloading would make room, if one alone does. */
      unloadFirst: string | null
    }

/** Less than this share of a model's size left over for its context is called tight. */
const tightRatio = 0.1

export function forecast(sizeBytes: number | null, bar: MemoryBar | null): Forecast {
  if (sizeBytes === null || bar === null || bar.roomBytes === null) return { kind: 'unknown' }
  const leftBytes = bar.roomBytes - sizeBytes
  if (leftBytes >= 0)
    return { kind: leftBytes < sizeBytes * tightRatio ? 'tight' : 'fits', leftBytes }
  const missingBytes = -leftBytes
  const enough = bar.segments
    .filter(({ kind, bytes }) => kind === 'model' && bytes >= missingBytes)
    .sort((a, b) => a.bytes - b.bytes)
  return { kind: 'too-big', missingBytes, unloadFirst: enough[0]?.label ?? null }
}
