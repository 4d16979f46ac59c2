import { useState } from 'react'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import { client } from '../../client.ts'
import { useAttempt } from '../../panels/actions.ts'
import { useSay } from '../../panels/say.ts'
import { useHosts } from '../../state/fleet.ts'
import { useRefreshSettings } from '../../state/settings.ts'
import { Button } from '../../ui/button.tsx'
import { Row } from '../../ui/card.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { linkTones } from '../../ui/link-tones.ts'
import { StateDot } from '../../ui/state-dot.tsx'

interface HostRowProps {
  config: SshHostConfig
  onEdit: () => void
  onTest: () => void
}

/** A configured Host: its state, what can be done with it, and why it is not there. */
export function HostRow({ config, onEdit, onTest }: HostRowProps) {
  const say = useSay()
  const link = useHosts()?.find(({ id }) => id === config.id)?.link
  const state = link?.state ?? 'idle'
  const [isRemoving, setRemoving] = useState(false)
  const attempt = useAttempt()
  const refresh = useRefreshSettings()
  const { name, target, account, port } = config
  const address = `${account === null ? '' : `${account}@`}${target}${port === null ? '' : `:${port}`}`
  const label = (key: string) => say(`window.hosts.${key}-name`, { name })
  return (
    <Row
      title={name}
      detail={[address, say(`link.state.${state}`)].join(say('popover.list-separator'))}
      lead={<StateDot tone={linkTones[state]} label={say(`link.state.${state}`)} />}
      actions={
        <>
          <Button size="small" aria-label={label('test')} onClick={onTest}>
            {say('window.hosts.test-button')}
          </Button>
          <Button size="small" aria-label={label('edit')} onClick={onEdit}>
            {say('window.hosts.edit')}
          </Button>
          <Button size="small" aria-label={label('remove')} onClick={() => setRemoving(true)}>
            {say('window.hosts.remove-button')}
          </Button>
        </>
      }
    >
      {link?.problem != null && (
        <p className="pl-[17px] text-small text-soft">{say(link.problem.message)}</p>
      )}
      {state === 'unreachable' && config.macAddress !== null && <Wake config={config} />}
      {attempt.failure !== null && (
        <p role="alert" className="text-small text-bad-text">
          {say(attempt.failure.message)}
        </p>
      )}
      <Dialog
        isOpen={isRemoving}
        title={say('window.hosts.remove-title', { name })}
        description={say('window.hosts.remove-text')}
        onClose={() => setRemoving(false)}
        actions={
          <>
            <Button onClick={() => setRemoving(false)}>{say('window.cancel')}</Button>
            <Button
              kind="danger"
              onClick={() =>
                attempt.run(async () => {
                  await client.hosts.remove({ id: config.id })
                  await refresh()
                  setRemoving(false)
                })
              }
            >
              {say('window.hosts.remove')}
            </Button>
          </>
        }
      />
    </Row>
  )
}

/** A Mac that sleeps in the same network wakes from a packet with its hardware address. */
function Wake({ config: { id, name } }: { config: SshHostConfig }) {
  const say = useSay()
  const attempt = useAttempt()
  const [isSent, setSent] = useState(false)
  return (
    <div className="flex items-center gap-2.5 pt-1.5 pl-[17px]">
      <Button
        size="small"
        disabled={attempt.isPending}
        aria-label={say('window.hosts.wake-name', { name })}
        onClick={() => {
          setSent(false)
          attempt.run(async () => {
            await client.hosts.wake({ id })
            setSent(true)
          })
        }}
      >
        {say('window.hosts.wake')}
      </Button>
      <p role="status" className="text-small text-soft">
        {attempt.failure !== null && (
          <span className="text-bad-text">{say(attempt.failure.message)}</span>
        )}
        {isSent && say('window.hosts.wake-sent')}
      </p>
    </div>
  )
}
