import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { ErrorInfo, Remedy, RemedyAction } from '../../../preload/contract/base.ts'
import type { Job } from '../../../preload/contract/jobs.ts'
import { useActions, useAttempt } from '../../panels/actions.ts'
import { RemedyLine } from '../../panels/remedy.tsx'
import { useSay } from '../../panels/say.ts'
import { Button } from '../../ui/button.tsx'
import { TailnetJobButton } from '../tailnet-job-button.tsx'
import { useTailnetJob } from '../use-tailnet-job.ts'

/** What the remedies speak of, and where their buttons lead. */
export interface Visited {
  hostId: string
  hostName: string
  /** "On this Mac:" */
  here: string
  jobs: readonly Job[]
  /** Looks once more, since something has changed. */
  again: () => void
  /** Makes room for what the connection asks. */
  leave: () => void
}

interface StepRemedyProps {
  remedy: Remedy
  visited: Visited
  kind: 'plain' | 'filled'
}

/** What can be done, and the button that does it where Studiolo can. */
export function StepRemedy({ remedy, visited, kind }: StepRemedyProps) {
  const { action } = remedy
  const { hostName: name, here } = visited
  if (action === undefined) return <RemedyLine {...{ remedy, name, here, kind }} />
  const button =
    action === 'tailnet-up' || action === 'tailnet-log-in' ? (
      <TailnetButton {...{ action, visited, kind }} />
    ) : (
      <ActionButton {...{ action, visited, kind }} />
    )
  return <RemedyLine {...{ remedy, name, here, button }} />
}

interface ButtonProps<Action extends RemedyAction> {
  action: Action
  visited: Visited
  kind: 'plain' | 'filled'
}

/** Done at once, or by going elsewhere. */
function ActionButton({
  action,
  visited,
  kind,
}: ButtonProps<Exclude<RemedyAction, 'tailnet-up' | 'tailnet-log-in'>>) {
  const say = useSay()
  const actions = useActions()
  const attempt = useAttempt()
  const [isSent, setSent] = useState(false)
  const { hostId, hostName, leave } = visited

  async function act() {
    switch (action) {
      case 'wake':
        await actions.wake(hostId)
        return setSent(true)
      case 'connect':
        await actions.reconnect(hostId)
        return leave()
      case 'set-up-key':
        return actions.openHost(hostId, 'key')
      case 'edit-host':
        return actions.openHost(hostId, 'edit')
    }
  }

  return (
    <Pressed
      said={isSent ? say('doctor.view.woken') : null}
      failure={attempt.failure}
      button={
        <Button
          size="small"
          kind={kind}
          disabled={attempt.isPending}
          onClick={() => attempt.run(act)}
        >
          {say(`doctor.view.action.${action}`, { name: hostName })}
        </Button>
      }
    />
  )
}

/** A Job on this machine's Tailscale: how it goes, its end as a new look, its failure with what helps. */
function TailnetButton({ action, visited, kind }: ButtonProps<'tailnet-up' | 'tailnet-log-in'>) {
  const say = useSay()
  const { jobs, again, here, hostName } = visited
  const tailnetJob = useTailnetJob(action, jobs)
  const { job, running, failure } = tailnetJob
  const isRunning = running !== null
  const wasRunning = useRef(isRunning)
  useEffect(() => {
    if (wasRunning.current && job?.state === 'done') again()
    wasRunning.current = isRunning
  }, [isRunning, job?.state, again])
  const label = say(`doctor.view.action.${action}`)
  return (
    <>
      <Pressed
        said={isRunning ? say(`popover.alerts.running.${running.kind}`) : null}
        failure={failure}
        button={<TailnetJobButton {...{ tailnetJob, label, kind }} />}
      />
      {failure?.remedy !== undefined && (
        <RemedyLine remedy={failure.remedy} name={hostName} here={here} />
      )}
    </>
  )
}

interface PressedProps {
  button: ReactNode
  /** What comes of it. */
  said: string | null
  failure: ErrorInfo | null
}

function Pressed({ button, said, failure }: PressedProps) {
  const say = useSay()
  return (
    <div className="grid grid-cols-1 justify-items-start gap-1">
      {button}
      <p role="status" className="text-small text-soft empty:hidden">
        {said}
      </p>
      {failure !== null && (
        <p role="alert" className="text-small text-bad-text" title={failure.detail}>
          {say(failure.message)}
        </p>
      )}
    </div>
  )
}
