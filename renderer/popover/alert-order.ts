import type { Alert } from '../../preload/contract/alerts.ts'
import type { Job } from '../../preload/contract/jobs.ts'

/** Those that need somebody first, the newest first among equals. */
export function mostSevereFirst(alerts: readonly Alert[]): Alert[] {
  const rank = ({ severity }: Alert) => (severity === 'fail' ? 0 : 1)
  return alerts.toSorted((a, b) => rank(a) - rank(b) || b.since.localeCompare(a.since))
}

/** The latest Job that an alert's button has started; null where there is none. */
export function actionJobOf({ action }: Pick<Alert, 'action'>, jobs: readonly Job[]): Job | null {
  if (action !== 'tailnet-up' && action !== 'tailnet-log-in') return null
  const own = jobs.filter(({ kind }) => kind === action)
  return own.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt))[0] ?? null
}

export function isUnderWay(job: Job | null): boolean {
  return job?.state === 'running' || job?.state === 'cancelling'
}
