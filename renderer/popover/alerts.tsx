import { ChevronDown, OctagonAlert, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { Alert } from '../../preload/contract/alerts.ts'
import type { HostState } from '../../preload/contract/fleet.ts'
import type { Job } from '../../preload/contract/jobs.ts'
import { useActions, useAttempt } from '../panels/actions.ts'
import { useNow } from '../panels/clock.ts'
import { FailureText } from '../panels/failure-text.tsx'
import { useOpenDoctor } from '../panels/open-doctor.ts'
import { Command } from '../panels/remedy.tsx'
import { useSay } from '../panels/say.ts'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { actionJobOf, isUnderWay, mostSevereFirst } from './alert-order.ts'

interface AlertsProps {
  alerts: readonly Alert[]
  jobs: readonly Job[]
  hosts: readonly HostState[]
}

/** What the person should know without having looked for it: the most severe, and the others behind a count. */
export function Alerts({ alerts, jobs, hosts }: AlertsProps) {
  const say = useSay()
  const [isWhole, setWhole] = useState(false)
  const ordered = mostSevereFirst(alerts)
  const [first] = ordered
  if (first === undefined) return null
  const shown = isWhole ? ordered : [first]
  return (
    <section
      aria-label={say('popover.alerts.title')}
      className="overflow-hidden rounded-card bg-warn-wash"
    >
      <ul>
        {shown.map((alert) => (
          <AlertRow key={alert.id} alert={alert} job={actionJobOf(alert, jobs)} hosts={hosts} />
        ))}
      </ul>
      {ordered.length > 1 && (
        <button
          type="button"
          aria-expanded={isWhole}
          onClick={() => setWhole(!isWhole)}
          className="flex h-7 w-full items-center justify-center gap-1 text-small text-soft -outline-offset-2 transition-colors hairline-t hover:bg-press hover:text-text"
        >
          {say(isWhole ? 'popover.alerts.fewer' : 'popover.alerts.more', {
            count: ordered.length - 1,
          })}
          <ChevronDown
            aria-hidden="true"
            className={classNames('size-3 transition-transform', isWhole && 'rotate-180')}
          />
        </button>
      )}
    </section>
  )
}

interface AlertRowProps {
  alert: Alert
  job: Job | null
  hosts: readonly HostState[]
}

function AlertRow({ alert, job, hosts }: AlertRowProps) {
  const say = useSay()
  useNow()
  const attempt = useAttempt()
  const { severity, title, reason, remedy } = alert
  const Icon = severity === 'fail' ? OctagonAlert : TriangleAlert
  const isRunning = isUnderWay(job)
  const failure = attempt.failure ?? (job?.state === 'failed' ? job.error : null)
  const advice = failure?.remedy ?? (alert.action === null ? remedy : null)
  return (
    <li className="flex items-start gap-2 py-2 pr-2.5 pl-3 not-first:hairline-t">
      <Icon
        role="img"
        aria-label={say(`popover.alerts.severity.${severity}`)}
        className={classNames(
          'mt-0.5 size-[14px] flex-none',
          severity === 'fail' ? 'text-bad' : 'text-warn',
        )}
      />
      <div className="min-w-0 flex-1">
        <div className="flex items-start gap-3">
          <div className="min-w-0 flex-1">
            <p className="font-medium">{say(title)}</p>
            <p role="status" className="text-small text-soft empty:hidden">
              {job !== null && isRunning && say(`popover.alerts.running.${job.kind}`)}
            </p>
            {!isRunning && <p className="text-small text-soft">{say(reason)}</p>}
          </div>
          <AlertButton {...{ alert, job, hosts, attempt }} />
        </div>
        {failure !== null && <FailureText failure={failure} className="mt-1" />}
        {advice != null && (
          <div className="mt-1 grid grid-cols-1 gap-1">
            <p className="text-small text-soft">{say(advice.text)}</p>
            {advice.kind === 'run-command' && advice.target !== undefined && (
              <Command text={advice.target} />
            )}
          </div>
        )}
      </div>
    </li>
  )
}

/** The one thing that can be done about it here. */
function AlertButton({
  alert,
  job,
  hosts,
  attempt,
}: AlertRowProps & { attempt: ReturnType<typeof useAttempt> }) {
  const say = useSay()
  const actions = useActions()
  const openDoctor = useOpenDoctor()
  const button = (label: string, onClick: () => void, isDisabled = false) => (
    <Button size="small" className="mt-px flex-none" disabled={isDisabled} onClick={onClick}>
      {say(`popover.alerts.action.${label}`)}
    </Button>
  )
  if (job !== null && isUnderWay(job)) {
    const cancel = () => attempt.run(() => actions.cancel(job.hostId, job.id))
    return button('cancel', cancel, job.state === 'cancelling')
  }
  const { action, hostId, remedy } = alert
  switch (action) {
    case 'tailnet-up':
      return button(action, () => attempt.run(() => actions.startTailnet()))
    case 'tailnet-log-in':
      return button(action, () => attempt.run(() => actions.logInToTailnet()))
    case 'doctor': {
      if (hostId === null || !hosts.some(({ id }) => id === hostId)) return null
      return button(action, () => {
        actions.selectHost(hostId)
        openDoctor(hostId)
      })
    }
    case null: {
      const target = remedy?.target
      if (target === undefined || (remedy?.kind !== 'open-settings' && remedy?.kind !== 'read'))
        return null
      return button(remedy.kind, () => attempt.run(() => actions.openRemedy(target)))
    }
  }
}
