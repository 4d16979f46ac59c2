import type { MemoryBar } from '../../../preload/contract/fleet.ts'

export type LegendKind = 'models' | 'apps' | 'compressed' | 'free'
export interface LegendEntry {
  kind: LegendKind
  /** In the legend's unit, rounded so that the entries sum to the rounded total. */
  gigabytes: number
}

/** Decimal places that suit a machine of this size: none from 100 GB on, else one. */
export function decimalsFor(totalBytes: number): 0 | 1 {
  return totalBytes >= 100e9 ? 0 : 1
}

/**
 * Rounds amounts to units so that they sum exactly to the rounded sum: the edges between them are rounded, as on a
 * ruler. So the first does not change when only the others do. `roundByEdges([1.4, 1.4, 1.4], 1)` → `[1, 2, 1]`
 */
export function roundByEdges(amounts: readonly number[], unit: number): number[] {
  let sum = 0
  let edge = 0
  return amounts.map((amount) => {
    sum += amount
    const before = edge
    edge = Math.round(sum / unit)
    return edge - before
  })
}

/** The bar in four words; what loads counts as models. */
export function legend(bar: MemoryBar): LegendEntry[] {
  const sums: Record<LegendKind, number> = { models: 0, apps: 0, compressed: 0, free: 0 }
  for (const { kind, bytes } of bar.segments) {
    if (kind === 'model' || kind === 'loading') sums.models += bytes
    else if (kind === 'available') sums.free += bytes
    else sums[kind] += bytes
  }
  const kinds: LegendKind[] = ['models', 'apps', 'compressed', 'free']
  const scale = 10 ** decimalsFor(bar.totalBytes)
  const rounded = roundByEdges(
    kinds.map((kind) => sums[kind]),
    1e9 / scale,
  )
  return kinds.map((kind, index) => ({ kind, gigabytes: (rounded[index] ?? 0) / scale }))
}
