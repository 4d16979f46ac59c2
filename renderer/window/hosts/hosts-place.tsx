import { useState } from 'react'
import type { Link } from '../../../preload/contract/hosts.ts'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import { client } from '../../client.ts'
import { useAttempt } from '../../panels/actions.ts'
import { useSay } from '../../panels/say.ts'
import { useHosts } from '../../state/fleet.ts'
import { goTo } from '../../state/place.ts'
import { useRefreshSettings, useSettings } from '../../state/settings.ts'
import { Button } from '../../ui/button.tsx'
import { List, Row } from '../../ui/card.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Note } from '../../ui/note.tsx'
import { type DotTone, StateDot } from '../../ui/state-dot.tsx'
import { Section } from '../window.tsx'
import { HostEditor } from './host-editor.tsx'
import { draftOf, type HostDraft, hostOf } from './host-form.ts'
import { HostTest } from './host-test.tsx'
import { Suggestions } from './suggestions.tsx'

const tones: Record<Link['state'], DotTone> = {
  live: 'good',
  stale: 'warn',
  asking: 'warn',
  unreachable: 'bad',
  connecting: 'none',
  idle: 'none',
}

export function HostsPlace({ isAdding }: { isAdding: boolean }) {
  const say = useSay()
  const settings = useSettings()?.settings
  const [editing, setEditing] = useState<string | null>(null)
  const [testing, setTesting] = useState<string | null>(null)
  if (settings === undefined) return null
  if (isAdding) return <AddHost />
  const edited = settings.hosts.find(({ id }) => id === editing)
  if (edited !== undefined) {
    return (
      <Section title={say('window.hosts.edit-name', { name: edited.name })}>
        <HostEditor key={edited.id} config={edited} onDone={() => setEditing(null)} />
      </Section>
    )
  }
  const tested = settings.hosts.find(({ id }) => id === testing)
  return (
    <Section
      title={say('window.hosts.title')}
      aside={
        <Button
          kind={settings.hosts.length === 0 ? 'filled' : 'card'}
          onClick={() => goTo('add-host')}
        >
          {say('window.hosts.add-button')}
        </Button>
      }
    >
      {settings.hosts.length === 0 ? (
        <Note title={say('window.hosts.empty.title')}>{say('window.hosts.empty.text')}</Note>
      ) : (
        <List aria-label={say('window.hosts.title')}>
          {settings.hosts.map((config) => (
            <HostRow
              key={config.id}
              config={config}
              onEdit={() => setEditing(config.id)}
              onTest={() => setTesting(config.id)}
            />
          ))}
        </List>
      )}
      {tested !== undefined && (
        <HostTest key={tested.id} host={hostOf(draftOf(tested))} onClose={() => setTesting(null)} />
      )}
    </Section>
  )
}

function AddHost() {
  const say = useSay()
  const [chosen, setChosen] = useState<{ draft: Partial<HostDraft>; key: number }>({
    draft: {},
    key: 0,
  })
  return (
    <Section title={say('window.hosts.add-title')}>
      <div className="flex flex-col gap-4">
        <Suggestions
          onChoose={({ name, target, account }) =>
            setChosen((before) => ({
              draft: { name, target, account: account ?? '' },
              key: before.key + 1,
            }))
          }
        />
        <HostEditor
          key={chosen.key}
          config={null}
          suggested={chosen.key === 0 ? null : chosen.draft}
          onDone={() => goTo('hosts')}
        />
      </div>
    </Section>
  )
}

interface HostRowProps {
  config: SshHostConfig
  onEdit: () => void
  onTest: () => void
}

function HostRow({ config, onEdit, onTest }: HostRowProps) {
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
      lead={<StateDot tone={tones[state]} label={say(`link.state.${state}`)} />}
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
