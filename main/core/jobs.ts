import { randomUUID } from 'node:crypto'
import type { ErrorInfo, Message } from '../../preload/contract/base.ts'
import type { Job } from '../../preload/contract/jobs.ts'
import { toErrorInfo } from './errors.ts'
import type { Fleet } from './fleet.ts'
import type { Clock, Log } from './ports.ts'

/** How long the outcome of a Job stays in the state. */
const keptMs = 60_000
const keptLines = 200

/** What the work of a Job is given. `progress` and `line` show at once. */
export interface JobContext {
  /** Aborted by `cancel`. */
  signal: AbortSignal
  progress(progress: Job['progress']): void
  line(text: string): void
}

/** A Job to be. One about the same `subject` that runs already is not started again; see {@link Jobs.running}. */
export interface JobRequest {
  hostId: string
  kind: Job['kind']
  subject: string
  title: Message
  /** Resolves when done. After an abort it undoes what it did; then the Job is `cancelled`, however `work` ends, unless the undoing fails. */
  work(context: JobContext): Promise<void>
  /** Run after an abort; the Job stays `cancelling` until it resolves. */
  undo?(): Promise<void>
}

/** The Jobs of all Hosts, kept in the state until a while after their end. */
export interface Jobs {
  start(request: JobRequest): Job
  cancel(hostId: string, jobId: string): boolean
  /** The running Job about a subject, so that a second click starts nothing twice. */
  running(hostId: string, kind: Job['kind'], subject: string): Job | undefined
  /** Aborts all, without waiting. */
  close(): void
}

export function createJobs({ fleet, clock, log }: { fleet: Fleet; clock: Clock; log: Log }): Jobs {
  const aborts = new Map<string, AbortController>()
  const forgets = new Set<() => void>()
  const isoNow = () => new Date(clock.now()).toISOString()

  function change(id: string, fields: Partial<Job>) {
    fleet.setJobs(fleet.get().jobs.map((job) => (job.id === id ? { ...job, ...fields } : job)))
  }

  function end(id: string, state: 'done' | 'failed' | 'cancelled', error: ErrorInfo | null) {
    aborts.delete(id)
    change(id, { state, error, endedAt: isoNow() })
    const forget = clock.after(keptMs, () => {
      forgets.delete(forget)
      fleet.setJobs(fleet.get().jobs.filter((job) => job.id !== id))
    })
    forgets.add(forget)
  }

  async function perform(id: string, request: JobRequest, signal: AbortSignal) {
    const find = () => fleet.get().jobs.find((job) => job.id === id)
    try {
      try {
        await request.work({
          signal,
          progress: (progress) => change(id, { progress }),
          line: (text) => change(id, { lines: [...(find()?.lines ?? []), text].slice(-keptLines) }),
        })
        if (!signal.aborted) return end(id, 'done', null)
      } catch (error) {
        if (!signal.aborted) throw error
      }
      await request.undo?.()
      end(id, 'cancelled', null)
    } catch (error) {
      log.warn('job failed', { kind: request.kind, subject: request.subject, error: String(error) })
      end(id, 'failed', toErrorInfo(error))
    }
  }

  return {
    start(request) {
      const { hostId, kind, subject, title } = request
      const job: Job = {
        ...{ id: randomUUID(), hostId, kind, subject, title, state: 'running' },
        ...{ startedAt: isoNow(), endedAt: null, progress: null, lines: [], error: null },
      }
      const abort = new AbortController()
      aborts.set(job.id, abort)
      fleet.setJobs([...fleet.get().jobs, job])
      void perform(job.id, request, abort.signal)
      return job
    },
    cancel(hostId, jobId) {
      const job = fleet.get().jobs.find(({ id }) => id === jobId)
      if (job === undefined || job.hostId !== hostId) return false
      const abort = aborts.get(jobId)
      if (abort === undefined || abort.signal.aborted) return true
      change(jobId, { state: 'cancelling' })
      abort.abort()
      return true
    },
    running: (hostId, kind, subject) =>
      fleet
        .get()
        .jobs.find(
          (job) =>
            job.hostId === hostId &&
            job.kind === kind &&
            job.subject === subject &&
            job.endedAt === null,
        ),
    close() {
      for (const abort of aborts.values()) abort.abort()
      for (const forget of forgets) forget()
    },
  }
}
