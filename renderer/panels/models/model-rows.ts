import type { HostState, MemoryBar } from '../../../preload/contract/fleet.ts'
import type { Job } from '../../../preload/contract/jobs.ts'
import type { LoadedModel, Model, RuntimeState } from '../../../preload/contract/models.ts'
import { type Forecast, forecast } from './forecast.ts'

/** One line of the list: a Model of a Runtime, what is in memory of it, and what is being done to it. */
export interface ModelRow {
  /** `ollama/qwen3:30b`, as a Job names its subject. */
  id: string
  runtime: RuntimeState
  modelId: string
  name: string
  /** The name without where it comes from, where that is enough to tell it from the others. */
  shownName: string
  sizeBytes: number | null
  isRemote: boolean
  loaded: LoadedModel | null
  /** The newest Job about it: running, or failed and not yet followed by a success. */
  job: Job | null
  forecast: Forecast
}

/** All models of a Host's Runtimes: what loads or is loaded first, largest first, then the others by name. */
export function modelRows(
  host: Pick<HostState, 'id' | 'runtimes' | 'memoryBar'>,
  jobs: readonly Job[],
): ModelRow[] {
  const rows = host.runtimes.flatMap((runtime) => rowsOf(runtime, host.id, jobs, host.memoryBar))
  const bases = rows.map(({ name }) => baseName(name))
  for (const [index, row] of rows.entries()) {
    const base = bases[index]
    if (base && bases.indexOf(base) === bases.lastIndexOf(base)) row.shownName = base
  }
  const rank = (row: ModelRow) => (row.loaded !== null || isActive(row.job) ? 0 : 1)
  return rows.sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (rank(a) === 0 ? heldBytes(b) - heldBytes(a) : 0) ||
      (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1),
  )
}

/** Running or being cancelled. */
export function isActive(job: Job | null): boolean {
  return job !== null && job.endedAt === null
}

function heldBytes(row: ModelRow): number {
  return row.loaded?.sizeBytes ?? row.sizeBytes ?? 0
}

function rowsOf(
  runtime: RuntimeState,
  hostId: string,
  jobs: readonly Job[],
  bar: MemoryBar | null,
): ModelRow[] {
  const models = new Map<string, Model | null>(runtime.models.map((model) => [model.id, model]))
  // A server may hold a model whose file was deleted since.
  for (const { modelId } of runtime.loaded) if (!models.has(modelId)) models.set(modelId, null)
  return [...models].map(([modelId, model]) => {
    const id = `${runtime.id}/${modelId}`
    const sizeBytes = model?.sizeBytes ?? null
    return {
      id,
      runtime,
      modelId,
      name: model?.name ?? modelId,
      shownName: model?.name ?? modelId,
      sizeBytes,
      isRemote: model?.isRemote ?? false,
      loaded: runtime.loaded.find((loaded) => loaded.modelId === modelId) ?? null,
      job: newestJob(jobs, hostId, id),
      forecast: forecast(sizeBytes, bar),
    }
  })
}

/** `hf.co/unsloth/Qwen3-GGUF:Q4_K_M` → `Qwen3-GGUF:Q4_K_M` */
function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

function newestJob(jobs: readonly Job[], hostId: string, subject: string): Job | null {
  const about = jobs
    .filter((job) => job.hostId === hostId && job.subject === subject)
    .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
  const newest = about[0]
  return newest !== undefined && (isActive(newest) || newest.state === 'failed') ? newest : null
}
