import { readFileSync } from 'node:fs'
import { processes } from '../real/support/far-side.ts'

/** One line of the table. `most` is the goal: the figure should not be above it. */
export interface Figure {
  group: string
  what: string
  value: number
  unit: 'ms' | 'MB' | 'kB' | '%' | 's/min' | 'times'
  most: number | null
  note?: string
}

export const isMet = ({ value, most }: Figure): boolean | null =>
  most === null ? null : value <= most

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** By nearest rank: of 20 values the 95th percentile is the 19th. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  const rank = Math.max(1, Math.ceil(share * sorted.length))
  return sorted[rank - 1] ?? Number.NaN
}

export async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}

export const pause = (delayMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, delayMs))

/** A process and all below it. */
export function treeOf(rootPid: number): number[] {
  const all = processes()
  const tree = [rootPid]
  for (const pid of tree) {
    tree.push(...all.filter(({ parentPid }) => parentPid === pid).map((one) => one.pid))
  }
  return tree
}

/** Seconds of CPU that a process used so far, with its children, those that ended included. */
export function cpuSecondsOfTree(rootPid: number): number {
  return treeOf(rootPid).reduce((sum, pid) => sum + cpuTicks(pid) / ticksPerSecond, 0)
}

/** Memory of a process alone, as `VmRSS` of proc(5) has it. */
export function residentBytes(pid: number): number {
  return kilobytes(`/proc/${pid}/status`, 'VmRSS')
}

/** Memory of a process and all below it, where pages that several share are counted once: the sum of `Pss`. */
export function proportionalBytesOfTree(rootPid: number): number {
  return treeOf(rootPid).reduce(
    (sum, pid) => sum + kilobytes(`/proc/${pid}/smaps_rollup`, 'Pss'),
    0,
  )
}

const ticksPerSecond = 100

function kilobytes(path: string, label: string): number {
  try {
    const found = new RegExp(`^${label}:\\s+(\\d+) kB`, 'm').exec(readFileSync(path, 'utf8'))
    return Number(found?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

/** utime, stime, cutime and cstime of proc(5); the name before them may hold anything but `)`. */
export function cpuTicks(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  } catch {
    return 0
  }
}
