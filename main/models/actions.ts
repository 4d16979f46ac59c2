import type { Job } from '../../preload/contract/jobs.ts'
import type { RuntimeState } from '../../preload/contract/models.ts'
import { errorInfo, StudioloError } from '../core/errors.ts'
import type { JobRequest, Jobs } from '../core/jobs.ts'
import type { Clock } from '../core/ports.ts'
import { sleep } from '../core/sleep.ts'
import type { Host } from '../hosts/host.ts'
import { type Runtime, RuntimeError } from '../runtimes/runtime.ts'

/** How long an unload may take before the person is told that the model is still in use. */
const unloadWaitMs = 120_000
const lookEveryMs = 500
const progressEveryMs = 1_000

/** What the actions need to know of one Host; supplied by its watch. */
export interface ModelsOf {
  host: Host
  runtime(id: string): { runtime: Runtime; state: RuntimeState } | undefined
  refresh(runtimeId: string): Promise<RuntimeState | undefined>
  /** Bytes that the Runtime's processes hold now, measured; null where that cannot be told. */
  footprintBytes(runtime: Runtime): Promise<number | null>
}

/** Load and unload as Jobs. Throws `not-found` for an unknown Runtime; what goes wrong later is the Job’s outcome. */
export interface ModelActions {
  load(of: ModelsOf, runtimeId: string, modelId: string): { jobId: string }
  unload(of: ModelsOf, runtimeId: string, modelId: string): { jobId: string }
}

export function createModelActions({ jobs, clock }: { jobs: Jobs; clock: Clock }): ModelActions {
  function find(of: ModelsOf, runtimeId: string) {
    const found = of.runtime(runtimeId)
    if (found === undefined) throw new StudioloError(errorInfo('not-found'))
    const { runtime, state } = found
    if (state.port === null)
      throw new StudioloError(errorInfo('not-running', { name: runtime.name }))
    return { runtime, state, port: state.port }
  }

  /** Starts a Job about a Model, or gives the one that runs: a second click starts nothing twice. */
  function start(
    of: ModelsOf,
    kind: Job['kind'],
    runtime: Runtime,
    modelId: string,
    what: Pick<JobRequest, 'work' | 'undo'>,
  ) {
    const hostId = of.host.id
    const subject = `${runtime.id}/${modelId}`
    const title = { key: `job.${kind}`, params: { model: modelId, runtime: runtime.name } }
    const job =
      jobs.running(hostId, kind, subject) ?? jobs.start({ hostId, kind, subject, title, ...what })
    return { jobId: job.id }
  }

  /**
   * Waits until the Runtime no longer lists the model: an unload is a request, the list is the truth. Two answers in a
   * row must agree, since a server that was interrupted in a load may not list the model yet.
   */
  async function untilGone(
    of: ModelsOf,
    found: ReturnType<typeof find>,
    modelId: string,
    signal?: AbortSignal,
  ) {
    const deadline = clock.monotonic() + unloadWaitMs
    for (let absences = 0; absences < 2; ) {
      const state = await of.refresh(found.runtime.id)
      const isGone = state?.loaded.some((loaded) => loaded.modelId === modelId) === false
      absences = isGone ? absences + 1 : 0
      if (absences === 2) return
      if (clock.monotonic() > deadline) {
        throw new RuntimeError('server-busy', `${modelId} is still loaded`)
      }
      await sleep(clock, lookEveryMs, signal)
    }
  }

  return {
    load(of, runtimeId, modelId) {
      const found = find(of, runtimeId)
      const { runtime, state, port } = found
      const { load, unload } = runtime
      if (load === undefined) throw new StudioloError(errorInfo('invalid-input'))
      const model = state.models.find(({ id }) => id === modelId)
      return start(of, 'load-model', runtime, modelId, {
        async work({ signal, progress }) {
          const before = await of.footprintBytes(runtime)
          const done = new AbortController()
          const watching = watch(AbortSignal.any([signal, done.signal]))
          try {
            await load(of.host, port, modelId, { signal })
          } finally {
            done.abort()
            await watching
          }
          await of.refresh(runtimeId)

          async function watch(stop: AbortSignal) {
            while (!stop.aborted && before !== null) {
              const now = await of.footprintBytes(runtime)
              if (now !== null && !stop.aborted) {
                const whole = model?.sizeBytes ?? null
                const doneBytes = Math.min(
                  Math.max(0, now - before),
                  whole ?? Number.MAX_SAFE_INTEGER,
                )
                progress({ doneBytes, totalBytes: whole })
              }
              await sleep(clock, progressEveryMs, stop).catch(() => undefined)
            }
          }
        },
        async undo() {
          await unload?.(of.host, port, modelId)
          await untilGone(of, found, modelId)
        },
      })
    },
    unload(of, runtimeId, modelId) {
      const found = find(of, runtimeId)
      const { runtime, port } = found
      const { unload } = runtime
      if (unload === undefined) throw new StudioloError(errorInfo('invalid-input'))
      return start(of, 'unload-model', runtime, modelId, {
        async work({ signal }) {
          await unload(of.host, port, modelId, { signal })
          await untilGone(of, found, modelId, signal)
        },
      })
    },
  }
}
