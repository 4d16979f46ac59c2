import { explain, wholeNumber } from './answer.ts'
import { type Probe, unparsed } from './probe.ts'

export interface GpuValue {
  /** 0 to 1. */
  deviceUtilisationRatio: number | null
  /** Memory that the GPU's clients use now; not what they have allocated, and not the driver's own. */
  inUseBytes: number | null
  allocatedBytes: number | null
  modelName: string | null
  coreCount: number | null
}

/**
 * The GPU as its driver counts it, without root. Keys of one line of the I/O registry, in no fixed order:
 *
 *     "PerformanceStatistics" = {"In use system memory (driver)"=0,"Device Utilization %"=21,"In use system memory"=351141888}
 *     "model" = "Apple M4"
 *     "gpu-core-count" = 10
 */
export const gpu: Probe<'gpu', GpuValue> = {
  id: 'gpu',
  columns: [
    { field: 'deviceUtilisationRatio', about: 'How busy the GPU is, from 0 to 1' },
    { field: 'inUseBytes', about: 'Memory in use by the GPU, in bytes' },
    { field: 'allocatedBytes', about: 'Memory set aside for the GPU, in bytes' },
    { field: 'modelName', about: 'Name of the GPU' },
    { field: 'coreCount', about: 'Number of GPU cores' },
  ],
  everyMs: 1000,
  gauge: 'open',
  questions: { darwin: [[['ioreg', '-r', '-d', '1', '-w', '0', '-c', 'IOAccelerator']]] },
  parse([answer]) {
    const text = answer?.stdout ?? ''
    if (answer?.exitCode === 0 && !answer.isMissing && text.trim() === '') {
      return unparsed('not-supported', 'the I/O registry lists no GPU')
    }
    // A Mac with several GPUs has several lines; the one that works hardest is of interest.
    const statistics = text
      .split('\n')
      .filter((line) => line.includes('"PerformanceStatistics"'))
      .map((line) => ({
        percent: numberOf(line, 'Device Utilization %'),
        inUse: numberOf(line, 'In use system memory'),
        allocated: numberOf(line, 'Alloc system memory'),
      }))
      .sort((one, other) => (other.percent ?? -1) - (one.percent ?? -1))[0]
    if (statistics === undefined) return explain(answer, 'PerformanceStatistics')
    const { percent, inUse, allocated } = statistics
    if (percent === null && inUse === null) return explain(answer, 'Device Utilization %')
    return {
      deviceUtilisationRatio: percent === null ? null : Math.min(percent, 100) / 100,
      inUseBytes: inUse,
      allocatedBytes: allocated,
      modelName: /"model" = "([^"\n]{1,100})"/.exec(text)?.[1] ?? null,
      coreCount: wholeNumber(/"gpu-core-count" = (\d{1,6})\b/.exec(text)?.[1]),
    }
  },
}

function numberOf(line: string, key: string): number | null {
  const from = line.indexOf(`"${key}"=`)
  if (from < 0) return null
  return wholeNumber(/^\d+/.exec(line.slice(from + key.length + 3))?.[0])
}
