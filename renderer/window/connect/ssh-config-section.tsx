import { useState } from 'react'
import type { SshConfigState } from '../../../preload/contract/ssh-config.ts'
import { useSay } from '../../panels/say.ts'
import { goTo } from '../../state/place.ts'
import { useSettings } from '../../state/settings.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Note } from '../../ui/note.tsx'
import { type DotTone, StateDot } from '../../ui/state-dot.tsx'
import { Disclosure } from '../disclosure.tsx'
import { Failure } from '../failure.tsx'
import { Facts } from '../rows.tsx'
import { Section } from '../window.tsx'
import { Diff } from './diff.tsx'
import { useSshConfig } from './use-ssh-config.ts'

const tones: Record<SshConfigState['state'], DotTone> = {
  included: 'good',
  'not-included': 'none',
  blocked: 'warn',
}

/** The one line in the person's `~/.ssh/config`, before and after. */
export function SshConfigSection() {
  const say = useSay()
  const { state, failure, retry, attempt, include, remove } = useSshConfig()
  const [isRemoving, setRemoving] = useState(false)
  const part = (name: string) => say(`window.connect.ssh.${name}`)
  if (state === undefined) {
    return (
      <Section title={part('title')} help={part('help')}>
        {failure === null ? (
          <Note>{part('reading')}</Note>
        ) : (
          <Failure
            error={failure}
            tone="warn"
            actions={
              <Button size="small" onClick={retry}>
                {part('retry')}
              </Button>
            }
          />
        )}
      </Section>
    )
  }
  const { path, resolvedPath, ownPath, ownText, problem } = state
  return (
    <Section title={part('title')} help={part('help')}>
      <Facts>
        <div className="flex min-h-8 items-center gap-2.5 py-2.5">
          <StateDot tone={tones[state.state]} label={part(`state.${state.state}`)} />
          <div className="min-w-0 flex-1">
            <div className="font-medium">{part(`state.${state.state}`)}</div>
            <div className="selectable text-small break-words text-soft">
              {path === resolvedPath
                ? path
                : say('window.connect.ssh.leads-to', { path, resolvedPath })}
            </div>
          </div>
          {state.state === 'included' && (
            <Button disabled={attempt.isPending} onClick={() => setRemoving(true)}>
              {part('remove-button')}
            </Button>
          )}
          {state.state === 'not-included' && (
            <Button kind="filled" disabled={attempt.isPending} onClick={() => include(state)}>
              {part('include')}
            </Button>
          )}
        </div>
        {state.state === 'not-included' && (
          <div className="flex flex-col gap-1.5 py-2.5 hairline-t">
            <p className="text-small text-soft">{part('diff-text')}</p>
            <Diff label={part('diff')} lines={state.diff} />
          </div>
        )}
        <div className="py-2 hairline-t">
          <Disclosure
            label={say('window.connect.ssh.own', {
              name: ownPath.slice(ownPath.lastIndexOf('/') + 1),
            })}
          >
            <div className="flex flex-col gap-1.5 pb-1">
              <p className="selectable text-small break-words text-soft">{ownPath}</p>
              <OwnText text={ownText} />
            </div>
          </Disclosure>
        </div>
      </Facts>
      {problem !== null && <Failure error={problem} tone="warn" />}
      <Conflicts conflicts={state.conflicts} />
      <Unwritable unwritable={state.unwritable} />
      {attempt.failure !== null && <Failure error={attempt.failure} tone="warn" />}
      <Dialog
        isOpen={isRemoving}
        title={part('remove-title')}
        description={part('remove-text')}
        onClose={() => setRemoving(false)}
        actions={
          <>
            <Button onClick={() => setRemoving(false)}>{say('window.cancel')}</Button>
            <Button
              kind="danger"
              onClick={() => {
                setRemoving(false)
                remove()
              }}
            >
              {part('remove')}
            </Button>
          </>
        }
      />
    </Section>
  )
}

function OwnText({ text }: { text: string }) {
  const say = useSay()
  if (text.trim() === '') {
    return <p className="text-small text-soft">{say('window.connect.ssh.own-empty')}</p>
  }
  return (
    <section
      aria-label={say('window.connect.ssh.own-label')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached without a mouse
      tabIndex={0}
      className="max-h-[240px] overflow-auto rounded-button bg-press px-2.5 py-2"
    >
      <pre className="selectable font-mono text-small">{text}</pre>
    </section>
  )
}

function Conflicts({ conflicts }: Pick<SshConfigState, 'conflicts'>) {
  const say = useSay()
  const hosts = useSettings()?.settings.hosts ?? []
  return conflicts.map(({ hostId, alias, path }) => {
    const name = hosts.find(({ id }) => id === hostId)?.name ?? alias
    return (
      <Note
        key={`${hostId} ${alias}`}
        tone="warn"
        title={say('window.connect.ssh.conflict.title', { alias })}
        actions={<EditHost hostId={hostId} name={name} />}
      >
        {say('window.connect.ssh.conflict.text', { name, path })}
      </Note>
    )
  })
}

function Unwritable({ unwritable }: Pick<SshConfigState, 'unwritable'>) {
  const say = useSay()
  const hosts = useSettings()?.settings.hosts ?? []
  return unwritable.map(({ hostId, alias }) => {
    const name = hosts.find(({ id }) => id === hostId)?.name ?? alias
    return (
      <Note
        key={hostId}
        tone="warn"
        title={say('window.connect.ssh.unwritable.title', { name })}
        actions={<EditHost hostId={hostId} name={name} />}
      >
        {say('window.connect.ssh.unwritable.text')}
      </Note>
    )
  })
}

function EditHost({ hostId, name }: { hostId: string; name: string }) {
  const say = useSay()
  return (
    <Button size="small" onClick={() => goTo('hosts', { id: hostId, as: 'edit' })}>
      {say('window.connect.ssh.conflict.edit', { name })}
    </Button>
  )
}
