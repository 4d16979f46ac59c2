import { useSay } from '../panels/say.ts'
import { Button } from '../ui/button.tsx'
import type { TailnetJob } from './use-tailnet-job.ts'

interface TailnetJobButtonProps {
  tailnetJob: TailnetJob
  label: string
  kind: 'plain' | 'filled'
}

/** Starts the Job, and cancels it while it is under way. */
export function TailnetJobButton({ tailnetJob, label, kind }: TailnetJobButtonProps) {
  const say = useSay()
  const { running, isPending, start, cancel } = tailnetJob
  return running !== null ? (
    <Button size="small" disabled={running.state === 'cancelling'} onClick={cancel}>
      {say('popover.alerts.action.cancel')}
    </Button>
  ) : (
    <Button size="small" kind={kind} disabled={isPending} onClick={start}>
      {label}
    </Button>
  )
}
