import { explain, labelled, linesOf, wholeNumber } from './answer.ts'
import { isRecord, parseJson, stringOf } from './json.ts'
import { kilobytes } from './memory.ts'
import type { Answer, Probe, Unparsed } from './probe.ts'

export interface HardwareValue {
  /** `Mac Studio` */
  modelName: string | null
  /** `Mac15,14` */
  modelId: string | null
  /** `Apple M3 Ultra` */
  chipName: string | null
  memoryBytes: number | null
  coreCount: number | null
}

/**
 * What the machine is. `number_processors` begins with the number of all cores; three or four parts, or a bare number
 * on Intel, where `cpu_type` stands for the chip.
 *
 *     "chip_type" : "Apple M2 Ultra",
 *     "machine_name" : "Mac Studio",
 *     "number_processors" : "proc 24:16:8:0",
 *     "physical_memory" : "64 GB",
 */
export const hardware: Probe<'hardware', HardwareValue> = {
  id: 'hardware',
  columns: [
    { field: 'modelName', about: 'Name of the model' },
    { field: 'modelId', about: "The maker's identifier of the model" },
    { field: 'chipName', about: 'Name of the chip' },
    { field: 'memoryBytes', about: 'Installed memory, in bytes' },
    { field: 'coreCount', about: 'Number of processor cores' },
  ],
  everyMs: 86_400_000,
  timeoutMs: 30_000,
  questions: {
    darwin: [[['system_profiler', 'SPHardwareDataType', '-json']]],
    linux: [
      [['cat', '/proc/meminfo']],
      [['cat', '/proc/cpuinfo']],
      [
        ['cat', '/sys/devices/virtual/dmi/id/product_name'],
        ['cat', '/proc/device-tree/model'],
      ],
    ],
  },
  parse: (answers, { platform }) =>
    platform === 'darwin' ? parseDarwin(answers[0]) : parseLinux(answers),
}

function parseDarwin(answer: Answer | undefined): HardwareValue | Unparsed {
  const whole = parseJson(answer?.stdout)
  const list = isRecord(whole) ? whole.SPHardwareDataType : undefined
  const overview = Array.isArray(list) ? list.find(isRecord) : undefined
  if (overview === undefined) return explain(answer, 'SPHardwareDataType')
  const value: HardwareValue = {
    modelName: stringOf(overview.machine_name),
    modelId: stringOf(overview.machine_model),
    chipName: stringOf(overview.chip_type) ?? stringOf(overview.cpu_type),
    memoryBytes: gibibytes(overview.physical_memory),
    coreCount: coresOf(overview.number_processors),
  }
  return Object.values(value).every((field) => field === null)
    ? explain(answer, 'machine_name')
    : value
}

/** `512 GB` means GiB here. */
function gibibytes(text: unknown): number | null {
  const [, digits, unit] = /^(\d{1,6}) ([GT])B$/.exec(stringOf(text) ?? '') ?? []
  const count = wholeNumber(digits)
  return count ? count * (unit === 'T' ? 2 ** 40 : 2 ** 30) : null
}

function coresOf(value: unknown): number | null {
  const digits =
    typeof value === 'number'
      ? String(value)
      : /^(?:proc )?(\d{1,5})\b/.exec(stringOf(value) ?? '')?.[1]
  return wholeNumber(digits) || null
}

function parseLinux([meminfo, cpuinfo, model]: readonly Answer[]): HardwareValue | Unparsed {
  const total = kilobytes(labelled(meminfo?.stdout ?? ''), 'MemTotal')
  if (!total) return explain(meminfo, 'MemTotal')
  const labels = labelled(cpuinfo?.stdout ?? '')
  const cores = linesOf(cpuinfo?.stdout).filter((line) => /^processor\s*:/.test(line)).length
  // The device tree ends its text with a NUL.
  const modelName = model?.exitCode === 0 ? model.stdout.replaceAll('\0', '').trim() : ''
  return {
    modelName: modelName || null,
    modelId: null,
    chipName: labels.get('model name') ?? labels.get('Model') ?? null,
    memoryBytes: total,
    coreCount: cores || null,
  }
}
