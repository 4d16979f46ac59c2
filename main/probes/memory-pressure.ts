import { explain, sysctlValue } from './answer.ts'
import type { Answer, Probe, Unparsed } from './probe.ts'

export interface MemoryPressureValue {
  level: 'normal' | 'warning' | 'critical'
}

/** Values of `kern.memorystatus_vm_pressure_level`; other bits are not in use. */
const levels: Readonly<Record<string, MemoryPressureValue['level']>> = {
  '1': 'normal',
  '2': 'warning',
  '4': 'critical',
}

/**
 * How hard it is to find free memory. macOS says it itself: `1`, `2` or `4`. On Linux it is the share of the last ten
 * seconds in which programs waited for memory (`some`), or all of them at once (`full`):
 *
 *     some avg10=0.00 avg60=0.00 avg300=0.00 total=1153
 *     full avg10=0.00 avg60=0.00 avg300=0.00 total=1093
 *
 * A kernel without pressure figures has no such file: `not-supported`.
 */
export const memoryPressure: Probe<'memory-pressure', MemoryPressureValue> = {
  id: 'memory-pressure',
  columns: [
    { field: 'level', about: 'How hard it is to find free memory: normal, warning or critical' },
  ],
  everyMs: 1000,
  gauge: 'background',
  questions: {
    darwin: [[['sysctl', '-n', 'kern.memorystatus_vm_pressure_level']]],
    linux: [[['cat', '/proc/pressure/memory']]],
  },
  parse: ([answer], { platform }) =>
    platform === 'darwin' ? parseDarwin(answer) : parseLinux(answer),
}

function parseDarwin(answer: Answer | undefined): MemoryPressureValue | Unparsed {
  const level = levels[sysctlValue(answer?.stdout ?? '')]
  return level === undefined ? explain(answer, 'pressure level 1, 2 or 4') : { level }
}

function parseLinux(answer: Answer | undefined): MemoryPressureValue | Unparsed {
  const some = averageOf(answer, 'some')
  const full = averageOf(answer, 'full')
  if (some === null || full === null) {
    const unknown = explain(answer, some === null ? 'some avg10' : 'full avg10')
    const isAbsent = /No such file|not supported/i.test(answer?.stderr ?? '')
    return isAbsent ? { ...unknown, reason: 'not-supported' } : unknown
  }
  if (full >= 10 || some >= 40) return { level: 'critical' }
  return { level: some >= 10 ? 'warning' : 'normal' }
}

/** Per cent of the last ten seconds. */
function averageOf(answer: Answer | undefined, kind: 'some' | 'full'): number | null {
  const line = answer?.stdout.split('\n').find((one) => one.startsWith(`${kind} `))
  const digits = / avg10=(\d{1,3}(?:\.\d{1,4})?)(?: |$)/.exec(line ?? '')?.[1]
  return digits === undefined ? null : Number(digits)
}
