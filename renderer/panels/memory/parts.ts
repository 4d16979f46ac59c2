import type { MemoryBar } from '../../../preload/contract/fleet.ts'
import type { Job } from '../../../preload/contract/jobs.ts'

/** A stretch of the drawn bar. The stretches sum exactly to the bar's total. */
export interface MemoryPart {
  kind: 'model' | 'to-come' | 'free' | 'apps' | 'compressed'
  /** The model's name. */
  label: string | null
  /** The model is still being loaded; this is what is there of it. */
  isLoading: boolean
  bytes: number
}

/** What the running loads of a Host will still take, where they know their end; never more than is available. */
export function bytesToCome(bar: MemoryBar, jobs: readonly Job[], hostId: string): number {
  const stillBytes = jobs
    .filter((job) => job.hostId === hostId && job.kind === 'load-model' && job.endedAt === null)
    .reduce((sum, { progress }) => {
      const total = progress?.totalBytes
      return total == null ? sum : sum + Math.max(0, total - (progress?.doneBytes ?? 0))
    }, 0)
  return Math.min(bytesOf(bar, 'available'), stillBytes)
}

/**
 * The bar from left to right: models and what they still take from one end, apps and compressed at the other. So the free
 * stretch between them, up to the GPU limit where that comes first, is the room for models.
 */
export function memoryParts(bar: MemoryBar, toComeBytes: number): MemoryPart[] {
  const models = bar.segments.filter(({ kind }) => kind === 'model' || kind === 'loading')
  const part = (kind: MemoryPart['kind'], bytes: number): MemoryPart => ({
    ...{ kind, label: null, isLoading: false, bytes },
  })
  return [
    ...models.map(({ kind, label, bytes }) => ({
      ...{ kind: 'model' as const, label, isLoading: kind === 'loading', bytes },
    })),
    part('to-come', toComeBytes),
    part('free', bytesOf(bar, 'available') - toComeBytes),
    part('apps', bytesOf(bar, 'apps')),
    part('compressed', bytesOf(bar, 'compressed')),
  ]
}

function bytesOf(bar: MemoryBar, kind: MemoryBar['segments'][number]['kind']): number {
  return bar.segments.reduce((sum, segment) => sum + (segment.kind === kind ? segment.bytes : 0), 0)
}
