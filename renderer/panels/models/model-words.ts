import type { MemoryBar } from '../../../preload/contract/fleet.ts'
import type { Job } from '../../../preload/contract/jobs.ts'
import type { LoadedModel } from '../../../preload/contract/models.ts'
import { formatBytes } from '../../../preload/words/units.ts'
import type { Say } from '../say.ts'
import type { ModelRow } from './model-rows.ts'
import { isActive } from './model-rows.ts'

export interface ModelWords {
  /** What matters most, set apart by weight of tone. */
  lead: { tone: 'good' | 'warn' | 'plain'; text: string } | null
  rest: string
}

/** The second line of a model. */
export function modelWords(
  row: ModelRow,
  bar: MemoryBar | null,
  now: number,
  say: Say,
  options: {
    isRuntimeNamed: boolean
    /** Said in red below: no green beside it. */
    hasFailed: boolean
  },
): ModelWords {
  const { job, runtime } = row
  const join = (parts: (string | null)[]) =>
    parts.filter((part) => part !== null && part !== '').join(say('popover.list-separator'))
  if (job !== null && isActive(job))
    return { lead: null, rest: join([runtime.name, ...jobWords(job, now, say)]) }
  if (row.loaded !== null)
    return { lead: null, rest: join([runtime.name, ...loadedWords(row.loaded, now, say)]) }
  const name = options.isRuntimeNamed ? runtime.name : null
  if (row.isRemote) return { lead: null, rest: join([runtime.name, say('popover.models.remote')]) }
  const { forecast, sizeBytes } = row
  const size = sizeBytes === null ? null : say('popover.models.size-and-context', { sizeBytes })
  switch (forecast.kind) {
    case 'unknown':
      return { lead: null, rest: join([size ?? say('popover.models.size-unknown'), name]) }
    case 'fits':
      if (options.hasFailed) return { lead: null, rest: join([size, name]) }
      return { lead: { tone: 'good', text: say('popover.models.fits') }, rest: join([size, name]) }
    case 'tight':
      return { lead: { tone: 'warn', text: say('popover.models.tight') }, rest: join([size, name]) }
    case 'too-big': {
      const isBeyond = bar?.limit != null && (sizeBytes ?? 0) > bar.limit.bytes
      return {
        lead: {
          tone: 'warn',
          text: isBeyond
            ? say('popover.models.beyond')
            : say('popover.models.needs', { missingBytes: forecast.missingBytes }),
        },
        rest: isBeyond
          ? join([size, name])
          : forecast.unloadFirst === null
            ? join([name])
            : say('popover.models.unload-first', { model: shortName(forecast.unloadFirst) }),
      }
    }
  }
}

function loadedWords(loaded: LoadedModel, now: number, say: Say): (string | null)[] {
  const { sizeBytes, contextTokens, isBusy } = loaded
  const leftMs = loaded.expiresAt === null ? null : Date.parse(loaded.expiresAt) - now
  const until =
    leftMs === null
      ? loaded.isKept
        ? say('popover.models.kept')
        : null
      : leftMs <= 0
        ? say('popover.models.unloads-when-idle')
        : say('popover.models.unloads-in', { leftMs })
  return [
    sizeBytes === null ? null : say('popover.memory.bytes', { usedBytes: sizeBytes }),
    contextTokens === null
      ? null
      : say('popover.models.context', { context: tokens(contextTokens) }),
    // Its time starts anew when the answer ends.
    isBusy === true ? say('popover.models.answering') : until,
  ]
}

function jobWords(job: Job, now: number, say: Say): string[] {
  // a first second in milliseconds would flicker
  const elapsedMs = Math.max(1_000, now - Date.parse(job.startedAt))
  const elapsed = say('popover.models.elapsed', { elapsedMs })
  if (job.state === 'cancelling') return [say('popover.models.cancelling'), elapsed]
  if (job.kind !== 'load-model') return [say('popover.models.unloading'), elapsed]
  const { progress } = job
  if (progress === null) return [say('popover.models.loading'), elapsed]
  const { doneBytes, totalBytes } = progress
  return [
    totalBytes === null
      ? say('popover.models.loading-so-far', { doneBytes })
      : say('popover.models.loading-of', { done: doneOf(doneBytes, totalBytes), totalBytes }),
    elapsed,
  ]
}

/** The part done without its unit where that is the total's: `41` of `66 GB`, but `900 MB` of `4.7 GB`. */
function doneOf(doneBytes: number, totalBytes: number): string {
  const done = formatBytes(doneBytes)
  const unit = formatBytes(totalBytes).split(' ')[1]
  return unit !== undefined && done.endsWith(` ${unit}`) ? done.slice(0, -unit.length - 1) : done
}

/** A model's name without where it comes from and its tag: `hf.co/unsloth/Qwen3-GGUF:Q4_K_M` → `Qwen3-GGUF`. */
export function shortName(name: string): string {
  const base = name.slice(name.lastIndexOf('/') + 1)
  return base.replace(/(?<=.):.*$/, '')
}

/** A context's length as people say it: `8192` → `'8k'`, `1048576` → `'1M'`. */
export function tokens(count: number): string {
  if (count >= 1_048_576) return `${Math.round((count / 1_048_576) * 10) / 10}M`
  return count >= 1_024 ? `${Math.round(count / 1_024)}k` : String(count)
}
