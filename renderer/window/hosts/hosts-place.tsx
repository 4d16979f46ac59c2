import { useState } from 'react'
import { defaultAlias } from '../../../preload/contract/default-alias.ts'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import { client } from '../../client.ts'
import { useSay } from '../../panels/say.ts'
import { goTo, useHostToOpen } from '../../state/place.ts'
import { useRefreshSettings, useSettings } from '../../state/settings.ts'
import { Button } from '../../ui/button.tsx'
import { List } from '../../ui/card.tsx'
import { Note } from '../../ui/note.tsx'
import { Section } from '../window.tsx'
import { HostEditor } from './host-editor.tsx'
import { draftOf, type HostDraft, hostOf, takenAliases } from './host-form.ts'
import { HostRow } from './host-row.tsx'
import { HostTest } from './host-test.tsx'
import { SshConfigOffer } from './ssh-config-offer.tsx'
import { Suggestions } from './suggestions.tsx'
import type { Run } from './use-run.ts'

export function HostsPlace({ isAdding }: { isAdding: boolean }) {
  const say = useSay()
  const settings = useSettings()?.settings
  const refresh = useRefreshSettings()
  const [editing, setEditing] = useState<string | null>(null)
  const [running, setRunning] = useState<RunOf | null>(null)
  useHostToOpen(({ id, as }) => {
    setEditing(as === 'edit' ? id : null)
    setRunning(as === 'edit' ? null : { id, kind: as === 'key' ? 'key-set-up' : 'test' })
  })
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
  const tested = settings.hosts.find(({ id }) => id === running?.id)
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
              onTest={() => setRunning({ id: config.id, kind: 'test' })}
            />
          ))}
        </List>
      )}
      {tested !== undefined && running !== null && (
        <TestOf
          key={`${running.kind} ${tested.id}`}
          config={tested}
          kind={running.kind}
          onClose={() => setRunning(null)}
          onKey={async (keyPath) => {
            await client.hosts.edit({ ...tested, keyPath })
            await refresh()
          }}
        />
      )}
      {settings.hosts.length > 0 && !settings.isSshConfigOffered && <SshConfigOffer />}
    </Section>
  )
}

/** Which Host is tested, or gets its key. */
interface RunOf {
  id: string
  kind: Run['kind']
}

interface TestOfProps {
  config: SshHostConfig
  kind: Run['kind']
  onClose: () => void
  onKey: (keyPath: string) => Promise<void>
}

/** The test of a Host as it was when it began, whatever is learned of it meanwhile. */
function TestOf({ config, kind, onClose, onKey }: TestOfProps) {
  const [run] = useState<Run>(() => ({ kind, host: hostOf(draftOf(config), config) }))
  return <HostTest run={run} onClose={onClose} onKey={onKey} />
}

function AddHost() {
  const say = useSay()
  const hosts = useSettings()?.settings.hosts ?? []
  const [chosen, setChosen] = useState<{
    draft: Partial<HostDraft>
    tailnetNodeId: string | null
    key: number
  }>({ draft: {}, tailnetNodeId: null, key: 0 })
  return (
    <Section title={say('window.hosts.add-title')}>
      <div className="flex flex-col gap-4">
        <Suggestions
          onChoose={({ source, name, target, account, tailnetNodeId }) =>
            setChosen((before) => ({
              draft: {
                ...{ name, target, account: account ?? '' },
                alias:
                  source === 'tailnet'
                    ? defaultAlias({ name, target, tailnetNodeId }, takenAliases(hosts))
                    : '',
              },
              tailnetNodeId,
              key: before.key + 1,
            }))
          }
        />
        <HostEditor
          key={chosen.key}
          config={null}
          suggested={chosen.key === 0 ? null : chosen.draft}
          tailnetNodeId={chosen.tailnetNodeId}
          onDone={() => goTo('hosts')}
        />
      </div>
    </Section>
  )
}
