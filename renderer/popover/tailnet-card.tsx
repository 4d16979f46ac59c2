import type { Alert } from '../../preload/contract/alerts.ts'
import type { HostState } from '../../preload/contract/fleet.ts'
import type { Job } from '../../preload/contract/jobs.ts'
import { hostName } from '../../preload/words/host-name.ts'
import { useOpenDoctor } from '../panels/open-doctor.ts'
import { Command } from '../panels/remedy.tsx'
import { useSay } from '../panels/say.ts'
import { Button } from '../ui/button.tsx'
import { Note } from '../ui/note.tsx'
import { TailnetJobButton } from './tailnet-job-button.tsx'
import type { TailnetTrouble } from './tailnet-trouble.ts'
import { useTailnetJob } from './use-tailnet-job.ts'

type Trouble = NonNullable<TailnetTrouble>

const actionOf: Record<Trouble, 'tailnet-up' | 'tailnet-log-in' | null> = {
  stopped: 'tailnet-up',
  'not-started': null,
  'needs-login': 'tailnet-log-in',
  'needs-machine-auth': null,
  starting: null,
}

interface TailnetCardProps {
  host: HostState
  trouble: Trouble
  jobs: readonly Job[]
  /** What is said of this machine's Tailscale elsewhere; its remedy stands here, where there is no button. */
  alert: Alert | null
}

/** A Host cannot be reached because this machine's Tailscale does not carry the connection: that, and the one thing to do. */
export function TailnetCard({ host, trouble, jobs, alert }: TailnetCardProps) {
  const say = useSay()
  const openDoctor = useOpenDoctor()
  const action = actionOf[trouble]
  const tailnetJob = useTailnetJob(action, jobs)
  const { running, failure } = tailnetJob
  const advice = failure?.remedy ?? (action === null ? alert?.remedy : null)
  return (
    <Note
      title={say(`popover.trouble.tailnet.${trouble}`)}
      actions={
        <>
          {action !== null && (
            <TailnetJobButton
              {...{ tailnetJob, label: say(`popover.alerts.action.${action}`), kind: 'filled' }}
            />
          )}
          {running === null && host.kind === 'ssh' && (
            <Button size="small" onClick={() => openDoctor(host.id)}>
              {say('popover.trouble.doctor')}
            </Button>
          )}
          <p role="status" className="self-center text-small text-soft empty:hidden">
            {running !== null && say(`popover.alerts.running.${running.kind}`)}
          </p>
        </>
      }
    >
      <p>{say('popover.trouble.tailnet.through', { name: hostName(host, say) })}</p>
      {failure !== null && running === null && (
        <p role="alert" className="selectable mt-1 text-bad-text" title={failure.detail}>
          {say(failure.message)}
        </p>
      )}
      {advice != null && running === null && (
        <div className="mt-1 grid grid-cols-1 gap-1">
          <p>{say(advice.text)}</p>
          {advice.kind === 'run-command' && advice.target !== undefined && (
            <Command text={advice.target} />
          )}
        </div>
      )}
    </Note>
  )
}
