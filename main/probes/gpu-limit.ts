import { explain, sysctlValue, wholeNumber } from './answer.ts'
import { type Answer, type Probe, unparsed } from './probe.ts'

export interface GpuLimitValue {
  /** What the GPU may hold of unified memory. */
  limitBytes: number
  /** Nobody has set the limit; it is the system's own. */
  isDefault: boolean
  source: 'sysctl' | 'metal' | 'runtime-log' | 'estimate'
}

const memsize = ['sysctl', '-n', 'hw.memsize'] as const
const metal = [
  'osascript',
  '-l',
  'JavaScript',
  '-e',
  'ObjC.import("Metal"); String($.MTLCreateSystemDefaultDevice().recommendedMaxWorkingSetSize)',
] as const
const log = [
  'sh',
  '-c',
  'cat "$HOME"/.ollama/logs/server*.log /opt/homebrew/var/log/ollama.log 2>/dev/null | ' +
    'grep recommendedMaxWorkingSetSize | tail -n 1',
] as const

/** Apple's default on most Macs; 67 to 84 % were measured. */
const usualShare = 0.75

/**
 * How much of unified memory the GPU may hold: the limit that somebody set (in MiB; `0` means the default), else what
 * Metal says, else what a runtime logged at its start, else an estimate of three quarters.
 *
 *     118000
 *     ggml_metal_device_init: recommendedMaxWorkingSetSize  = 26800.60 MB
 *
 * The log counts in 10^6 bytes. An answer above the installed memory, or below a quarter of it, is not believed.
 */
export const gpuLimit: Probe<'gpu-limit', GpuLimitValue> = {
  id: 'gpu-limit',
  columns: [
    { field: 'limitBytes', about: 'Memory that the GPU may hold, in bytes' },
    { field: 'isDefault', about: 'Whether the limit is the one that the system chose' },
    { field: 'source', about: 'Where the figure comes from' },
  ],
  everyMs: 60_000,
  gauge: 'background',
  slowOn: ['darwin'],
  settled: [metal, log, memsize],
  questions: {
    darwin: [[['sysctl', '-n', 'iogpu.wired_limit_mb']], [metal], [log], [memsize]],
  },
  parse([sysctl, fromMetal, fromLog, size]) {
    if (sysctl?.isMissing) return explain(sysctl, 'iogpu.wired_limit_mb')
    const setMebibytes = wholeNumber(sysctlValue(lineOf(sysctl, 'iogpu.wired_limit_mb')))
    if (setMebibytes) {
      return { limitBytes: setMebibytes * 2 ** 20, isDefault: false, source: 'sysctl' }
    }
    const total = wholeNumber(sysctlValue(size?.stdout ?? ''))
    const isLikely = (bytes: number | null): bytes is number =>
      bytes !== null && bytes > 0 && (!total || (bytes <= total && bytes >= total / 4))
    const isDefault = true
    const metalBytes = wholeNumber(fromMetal?.stdout.trim())
    if (isLikely(metalBytes)) return { limitBytes: metalBytes, isDefault, source: 'metal' }
    const loggedBytes = loggedLimit(fromLog)
    if (isLikely(loggedBytes)) return { limitBytes: loggedBytes, isDefault, source: 'runtime-log' }
    // Without this name the Mac has no unified memory, or its text was not understood: no estimate then.
    if (setMebibytes === null) {
      const unknown = explain(sysctl, 'iogpu.wired_limit_mb')
      const isForeign = /unknown oid/i.test(`${sysctl?.stdout}${sysctl?.stderr}`)
      return isForeign ? unparsed('not-supported', unknown.detail) : unknown
    }
    if (!total) return explain(size, 'hw.memsize')
    return { limitBytes: Math.floor(total * usualShare), isDefault, source: 'estimate' }
  },
}

/** The line that names a value where several are printed (`sysctl iogpu`), else all of it. */
function lineOf(answer: Answer | undefined, name: string): string {
  const text = answer?.stdout ?? ''
  return text.split('\n').find((line) => line.startsWith(`${name}:`)) ?? text
}

function loggedLimit(answer: Answer | undefined): number | null {
  const all = [
    ...(answer?.stdout ?? '').matchAll(
      /recommendedMaxWorkingSetSize\s{0,9}= {0,9}(\d{1,9}(?:\.\d{1,6})?) MB/g,
    ),
  ]
  const megabytes = all.at(-1)?.[1]
  return megabytes === undefined ? null : Math.round(Number(megabytes) * 1e6)
}
