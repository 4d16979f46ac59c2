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
 * Rounds amounts to units so that they sum exactly to the rounded sum: what rounding would lose or add goes to the
 * amounts with the largest remainders. `roundToSum([1.4, 1.4, 1.4], 1)` → `[2, 1, 1]`
 */
export function roundToSum(amounts: readonly number[], unit: number): number[] {
  const exact = amounts.map((amount) => amount / unit)
  const rounded = exact.map(Math.floor)
  const missing =
    Math.round(exact.reduce((sum, value) => sum + value, 0)) -
    rounded.reduce((sum, value) => sum + value, 0)
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index)
  for (const { index } of byRemainder.slice(0, missing)) rounded[index] = (rounded[index] ?? 0) + 1
  return rounded
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
  const rounded = roundToSum(
    kinds.map((kind) => sums[kind]),
    1e9 / scale,
  )
  return kinds.map((kind, index) => ({ kind, gigabytes: (rounded[index] ?? 0) / scale }))
}
