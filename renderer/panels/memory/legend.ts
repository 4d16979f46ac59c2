import type { MemoryPart } from './parts.ts'

export const legendKinds = ['models', 'free', 'apps', 'compressed'] as const
export type LegendKind = (typeof legendKinds)[number]
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

const kindOfPart: Record<MemoryPart['kind'], LegendKind> = {
  ...{ model: 'models', 'to-come': 'free', free: 'free', apps: 'apps' },
  compressed: 'compressed',
}

/** The bar in four words, in its order. What is there of a model that loads counts as models; what is to come of it is free as yet. */
export function legend(parts: readonly MemoryPart[]): LegendEntry[] {
  const sums = legendKinds.map((kind) =>
    parts.reduce((sum, part) => sum + (kindOfPart[part.kind] === kind ? part.bytes : 0), 0),
  )
  const totalBytes = sums.reduce((sum, bytes) => sum + bytes, 0)
  const scale = 10 ** decimalsFor(totalBytes)
  const rounded = roundByEdges(sums, 1e9 / scale)
  return legendKinds.map((kind, index) => ({ kind, gigabytes: (rounded[index] ?? 0) / scale }))
}
