import { explain, labelled, sysctlValue, wholeNumber } from './answer.ts'
import type { Answer, Probe, Unparsed } from './probe.ts'

export interface MemoryValue {
  totalBytes: number
  /** What cannot be given away at once: app + wired + compressed on macOS, total - available on Linux. */
  usedBytes: number
  wiredBytes: number | null
  compressedBytes: number | null
  cachedBytes: number | null
  freeBytes: number
}

const memsize = ['sysctl', '-n', 'hw.memsize'] as const

/**
 * Memory as Activity Monitor counts it: used = app (anonymous - purgeable) + wired + what the compressor occupies.
 * On Linux used = MemTotal - MemAvailable, as `free` of procps 4 and systeminformation's `active` have it.
 *
 *     Mach Virtual Memory Statistics: (page size of 16384 bytes)
 *     Pages free:                                     4264.
 *     Pages occupied by compressor:                 160282.
 *
 * and on Linux
 *
 *     MemTotal:        8130372 kB
 *     MemAvailable:    6023768 kB
 */
export const memory: Probe<'memory', MemoryValue> = {
  id: 'memory',
  columns: [
    { field: 'totalBytes', about: 'Installed memory, in bytes' },
    { field: 'usedBytes', about: 'Memory that is in use and not a cache, in bytes' },
    { field: 'wiredBytes', about: 'Memory that must stay where it is, in bytes' },
    { field: 'compressedBytes', about: 'Memory that holds compressed pages, in bytes' },
    { field: 'cachedBytes', about: 'Copies of files that can be dropped at once, in bytes' },
    { field: 'freeBytes', about: 'Memory that holds nothing, in bytes' },
  ],
  everyMs: 1000,
  gauge: 'background',
  settled: [memsize],
  questions: {
    darwin: [[['vm_stat']], [memsize]],
    linux: [[['cat', '/proc/meminfo']]],
  },
  parse: (answers, { platform }) =>
    platform === 'darwin' ? parseDarwin(answers) : parseLinux(answers),
}

function parseDarwin([vmStat, size]: readonly Answer[]): MemoryValue | Unparsed {
  const text = vmStat?.stdout ?? ''
  const pageBytes = wholeNumber(/page size of (\d+) bytes/.exec(text)?.[1])
  if (!pageBytes) return explain(vmStat, 'page size')
  const labels = labelled(text)
  const bytesOf = (label: string) => {
    const pages = wholeNumber(labels.get(label)?.replace(/\.$/, ''))
    return pages === null ? null : pages * pageBytes
  }
  const anonymous = bytesOf('Anonymous pages')
  const purgeable = bytesOf('Pages purgeable')
  const wired = bytesOf('Pages wired down')
  const compressed = bytesOf('Pages occupied by compressor')
  const fileBacked = bytesOf('File-backed pages')
  const free = bytesOf('Pages free')
  if (anonymous === null) return explain(vmStat, 'Anonymous pages')
  if (purgeable === null) return explain(vmStat, 'Pages purgeable')
  if (wired === null) return explain(vmStat, 'Pages wired down')
  if (compressed === null) return explain(vmStat, 'Pages occupied by compressor')
  if (free === null) return explain(vmStat, 'Pages free')
  const total = wholeNumber(sysctlValue(size?.stdout ?? ''))
  if (!total) return explain(size, 'hw.memsize')
  const used = Math.max(0, anonymous - purgeable) + wired + compressed
  return {
    totalBytes: total,
    // The counters are not read at one instant, so that their sum can pass the total by some pages.
    usedBytes: Math.min(total, used),
    wiredBytes: wired,
    compressedBytes: compressed,
    cachedBytes: fileBacked === null ? null : fileBacked + purgeable,
    freeBytes: free,
  }
}

function parseLinux([meminfo]: readonly Answer[]): MemoryValue | Unparsed {
  const labels = labelled(meminfo?.stdout ?? '')
  const total = kilobytes(labels, 'MemTotal')
  const available = kilobytes(labels, 'MemAvailable')
  const free = kilobytes(labels, 'MemFree')
  if (!total) return explain(meminfo, 'MemTotal')
  if (available === null) return explain(meminfo, 'MemAvailable')
  if (free === null) return explain(meminfo, 'MemFree')
  const caches = ['Buffers', 'Cached', 'SReclaimable'].map((label) => kilobytes(labels, label))
  return {
    totalBytes: total,
    usedBytes: Math.max(0, total - available),
    wiredBytes: null,
    compressedBytes: kilobytes(labels, 'Zswap'),
    cachedBytes: caches.includes(null)
      ? null
      : caches.reduce<number>((sum, one) => sum + (one ?? 0), 0),
    freeBytes: free,
  }
}

/** A line of /proc/meminfo in bytes: its `kB` are 1024 bytes each. */
export function kilobytes(labels: ReadonlyMap<string, string>, label: string): number | null {
  const count = wholeNumber(/^(\d+) kB$/.exec(labels.get(label) ?? '')?.[1])
  return count === null ? null : count * 1024
}
