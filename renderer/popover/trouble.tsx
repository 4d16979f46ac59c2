import type { HostState } from '../../preload/contract/fleet.ts'
import { hostName } from '../../preload/words/host-name.ts'
import { type Attempt, useActions, useAttempt } from '../panels/actions.ts'
import { useOpenDoctor } from '../panels/open-doctor.ts'
import { Command } from '../panels/remedy.tsx'
import { useSay } from '../panels/say.ts'
import { Button } from '../ui/button.tsx'
import { Note } from '../ui/note.tsx'

/** Why a Host cannot be reached, and what to do. How old the numbers are, the line above says. */
export function Trouble({ host }: { host: HostState }) {
  const say = useSay()
  const actions = useActions()
  const attempt = useAttempt()
  const openDoctor = useOpenDoctor()
  const { problem } = host.link
  const remedy = problem?.remedy
  const name = hostName(host, say)
  // a name that leads nowhere leads nowhere the next time, too
  const isNameWrong = host.kind === 'ssh' && problem?.code === 'unknown-host-name'
  return (
    <Note
      title={say(problem === null ? 'popover.trouble.silent' : 'popover.trouble.title', { name })}
      actions={
        <>
          {isNameWrong && <Edit {...{ host, attempt }} kind="filled" />}
          <Button
            size="small"
            kind={isNameWrong ? 'plain' : 'filled'}
            disabled={attempt.isPending}
            onClick={() => attempt.run(() => actions.reconnect(host.id))}
          >
            {say('popover.trouble.try-again')}
          </Button>
          {host.kind === 'ssh' && (
            <Button size="small" onClick={() => openDoctor(host.id)}>
              {say('popover.trouble.doctor')}
            </Button>
          )}
          {host.kind === 'ssh' && !isNameWrong && <Edit {...{ host, attempt }} kind="quiet" />}
        </>
      }
    >
      {problem !== null && <p title={problem.detail}>{say(problem.message)}</p>}
      {remedy !== undefined && <p>{say(remedy.text)}</p>}
      {remedy?.kind === 'run-command' && remedy.target !== undefined && (
        <div className="mt-1.5">
          <Command text={remedy.target} />
        </div>
      )}
      {attempt.failure !== null && <p>{say(attempt.failure.message)}</p>}
    </Note>
  )
}

interface EditProps {
  host: HostState
  attempt: Attempt
  kind: 'filled' | 'quiet'
}

function Edit({ host, attempt, kind }: EditProps) {
  const say = useSay()
  const actions = useActions()
  return (
    <Button
      size="small"
      kind={kind}
      aria-label={say('popover.trouble.edit-name', { name: hostName(host, say) })}
      onClick={() => attempt.run(() => actions.openHost(host.id, 'edit'))}
    >
      {say('popover.trouble.edit')}
    </Button>
  )
}
