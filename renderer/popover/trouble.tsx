import type { HostState } from '../../preload/contract/fleet.ts'
import { useActions, useAttempt } from '../panels/actions.ts'
import { useNow } from '../panels/clock.ts'
import { hostName } from '../panels/host-name.ts'
import { useSay } from '../panels/say.ts'
import { Command } from '../panels/shields/check-detail.tsx'
import { Button } from '../ui/button.tsx'
import { Note } from '../ui/note.tsx'

/** Why a Host cannot be reached, what is still known, and what to do. */
export function Trouble({ host }: { host: HostState }) {
  const say = useSay()
  useNow()
  const actions = useActions()
  const attempt = useAttempt()
  const { problem, lastAnswerAt } = host.link
  const remedy = problem?.remedy
  return (
    <Note
      title={say(problem === null ? 'popover.trouble.silent' : 'popover.trouble.title', {
        name: hostName(host, say),
      })}
      actions={
        <>
          <Button
            size="small"
            kind="filled"
            disabled={attempt.isPending}
            onClick={() => attempt.run(() => actions.reconnect(host.id))}
          >
            {say('popover.trouble.try-again')}
          </Button>
          {host.kind === 'ssh' && (
            <Button
              size="small"
              kind="quiet"
              onClick={() => attempt.run(() => actions.openWindow('hosts'))}
            >
              {say('popover.trouble.look-up')}
            </Button>
          )}
        </>
      }
    >
      {problem !== null && <p>{say(problem.message)}</p>}
      {remedy !== undefined && <p>{say(remedy.text)}</p>}
      {lastAnswerAt !== null && <p>{say('popover.trouble.known', { knownAt: lastAnswerAt })}</p>}
      {problem?.detail !== undefined && (
        <p className="selectable mt-0.5 break-words font-mono text-[10px] leading-[14px]">
          {problem.detail}
        </p>
      )}
      {remedy?.kind === 'run-command' && remedy.target !== undefined && (
        <div className="mt-1.5">
          <Command text={remedy.target} />
        </div>
      )}
      {attempt.failure !== null && <p>{say(attempt.failure.message)}</p>}
    </Note>
  )
}
