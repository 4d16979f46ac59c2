import type { ErrorInfo } from '../../preload/contract/base.ts'
import type { Job } from '../../preload/contract/jobs.ts'
import { useActions, useAttempt } from '../panels/actions.ts'
import { actionJobOf, isUnderWay } from './alert-order.ts'

/** A Job on this machine's Tailscale, from its button's side. */
export interface TailnetJob {
  /** The latest one, also after its end. */
  job: Job | null
  /** Null where none is under way. */
  running: Job | null
  /** Why it could not begin, or how it ended. */
  failure: ErrorInfo | null
  /** It was asked for, and is not there yet. */
  isPending: boolean
  start(): void
  cancel(): void
}

/** Connecting or logging in to Tailscale; with null nothing can be started. */
export function useTailnetJob(
  action: 'tailnet-up' | 'tailnet-log-in' | null,
  jobs: readonly Job[],
): TailnetJob {
  const actions = useActions()
  const attempt = useAttempt()
  const job = actionJobOf({ action }, jobs)
  const running = job !== null && isUnderWay(job) ? job : null
  return {
    job,
    running,
    failure: attempt.failure ?? (job?.state === 'failed' ? job.error : null),
    isPending: attempt.isPending,
    start() {
      if (action === 'tailnet-up') attempt.run(actions.startTailnet)
      else if (action === 'tailnet-log-in') attempt.run(actions.logInToTailnet)
    },
    cancel() {
      if (running !== null) attempt.run(() => actions.cancel(running.hostId, running.id))
    },
  }
}
