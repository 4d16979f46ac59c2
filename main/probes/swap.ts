import { explain, labelled, sizedBytes, sysctlValue } from './answer.ts'
import { kilobytes } from './memory.ts'
import type { Answer, Probe, Unparsed } from './probe.ts'

export interface SwapValue {
  totalBytes: number
  usedBytes: number
}

/**
 * Memory that was moved to disk. macOS makes swap files as it needs them, so that a total of 0 is usual.
 *
 *     total = 2048.00M  used = 990.81M  free = 1057.19M  (encrypted)
 *
 * and on Linux the lines `SwapTotal` and `SwapFree` of /proc/meminfo.
 */
export const swap: Probe<'swap', SwapValue> = {
  id: 'swap',
  columns: [
    { field: 'totalBytes', about: 'Swap space there is now, in bytes' },
    { field: 'usedBytes', about: 'Swap space in use, in bytes' },
  ],
  everyMs: 1000,
  gauge: 'open',
  questions: {
    darwin: [[['sysctl', '-n', 'vm.swapusage']]],
    linux: [[['cat', '/proc/meminfo']]],
  },
  parse: ([answer], { platform }) =>
    platform === 'darwin' ? parseDarwin(answer) : parseLinux(answer),
}

function parseDarwin(answer: Answer | undefined): SwapValue | Unparsed {
  const text = sysctlValue(answer?.stdout ?? '')
  const sizeOf = (label: string) =>
    sizedBytes(new RegExp(`\\b${label} = (\\S{1,20})`).exec(text)?.[1] ?? '')
  const total = sizeOf('total')
  const used = sizeOf('used')
  if (total === null) return explain(answer, 'total =')
  if (used === null) return explain(answer, 'used =')
  return { totalBytes: total, usedBytes: used }
}

function parseLinux(answer: Answer | undefined): SwapValue | Unparsed {
  const labels = labelled(answer?.stdout ?? '')
  const total = kilobytes(labels, 'SwapTotal')
  const free = kilobytes(labels, 'SwapFree')
  if (total === null) return explain(answer, 'SwapTotal')
  if (free === null) return explain(answer, 'SwapFree')
  return { totalBytes: total, usedBytes: Math.max(0, total - free) }
}
