import { explain } from './answer.ts'
import { type Answer, type Probe, type Unparsed, unparsed } from './probe.ts'

export interface CpuValue {
  /** 0 to 1, over all cores. */
  loadRatio: number
}

/**
 * How busy the cores were in the last second. The first line of iostat is since the start of the machine; columns of
 * disks may stand before those of the CPU.
 *
 *           cpu    load average
 *      us sy id   1m   5m   15m
 *      11  8 81  4.17 3.93 3.63
 *       8  8 84  4.17 3.93 3.63
 *
 * Linux counts since the start (`cpu  1132 34 1441 11311718 3675 127 438 0 0 0`: user nice system idle iowait irq
 * softirq steal, guest and guest_nice being part of user and nice), so that two answers are compared.
 */
export const cpu: Probe<'cpu', CpuValue> = {
  id: 'cpu',
  columns: [{ field: 'loadRatio', about: 'How busy the processor is, from 0 to 1' }],
  everyMs: 1000,
  gauge: 'open',
  slowOn: ['darwin'],
  comparesOn: ['linux'],
  questions: {
    darwin: [[['iostat', '-n', '0', '-c', '2', '-w', '1']]],
    linux: [[['cat', '/proc/stat']]],
  },
  parse: ([answer], { platform, previous }) =>
    platform === 'darwin' ? parseDarwin(answer) : parseLinux(answer, previous?.[0]),
}

function parseDarwin(answer: Answer | undefined): CpuValue | Unparsed {
  const rows = (answer?.stdout ?? '').split('\n').map((line) => line.trim().split(/\s+/))
  const headerAt = rows.findIndex(
    (row) => row.includes('us') && row.includes('sy') && row.includes('id'),
  )
  const header = rows[headerAt]
  if (header === undefined) return explain(answer, 'us sy id')
  const idleAt = header.indexOf('id')
  const samples = rows.slice(headerAt + 1).filter((row) => row.length === header.length)
  const idlePercent = samples.length < 2 ? Number.NaN : Number(samples.at(-1)?.[idleAt])
  if (!(idlePercent >= 0 && idlePercent <= 100)) return explain(answer, 'second line of figures')
  return { loadRatio: (100 - idlePercent) / 100 }
}

function parseLinux(answer: Answer | undefined, before: Answer | undefined): CpuValue | Unparsed {
  const now = timesOf(answer)
  const then = timesOf(before)
  if (now === null) return explain(answer, 'cpu')
  if (then === null) return explain(before, 'cpu')
  const passed = now.total - then.total
  const idle = now.idle - then.idle
  if (passed <= 0 || idle < 0) {
    return unparsed('unrecognised', 'no time has passed between two answers of /proc/stat')
  }
  return { loadRatio: Math.min(1, Math.max(0, (passed - idle) / passed)) }
}

/** Clock ticks since the start; `idle` counts waiting for disks as idle. */
function timesOf(answer: Answer | undefined): { total: number; idle: number } | null {
  const line = answer?.stdout.split('\n').find((one) => /^cpu\s/.test(one))
  const times = line?.trim().split(/\s+/).slice(1, 9).map(Number)
  const [user, nice, system, idle, wait] = times ?? []
  if (times === undefined || user === undefined || nice === undefined || system === undefined)
    return null
  if (idle === undefined || times.some((time) => !Number.isSafeInteger(time))) return null
  return { total: times.reduce((sum, time) => sum + time, 0), idle: idle + (wait ?? 0) }
}
