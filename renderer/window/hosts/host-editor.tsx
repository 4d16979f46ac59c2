import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { defaultAlias } from '../../../preload/contract/default-alias.ts'
import { plainHost } from '../../../preload/contract/plain-host.ts'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import { client } from '../../client.ts'
import { useAttempt } from '../../panels/actions.ts'
import { useSay } from '../../panels/say.ts'
import { useRefreshSettings, useSettings } from '../../state/settings.ts'
import { Button } from '../../ui/button.tsx'
import { TextInput } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { Disclosure } from '../disclosure.tsx'
import { FieldRow, Rows, ToggleRow } from '../rows.tsx'
import {
  draftOf,
  emptyDraft,
  type HostDraft,
  hostOf,
  problemsOf,
  type TextField,
  takenAliases,
} from './host-form.ts'
import { HostTest } from './host-test.tsx'
import type { Run } from './use-run.ts'

interface HostEditorProps {
  /** The Host to edit; null adds one. */
  config: SshHostConfig | null
  /** What a suggestion fills in. */
  suggested?: Partial<HostDraft> | null
  /** Of the suggestion. */
  tailnetNodeId?: string | null
  onDone: () => void
}

export function HostEditor({
  config,
  suggested = null,
  tailnetNodeId = null,
  onDone,
}: HostEditorProps) {
  const say = useSay()
  const [draft, setDraft] = useState<HostDraft>(
    config === null ? { ...emptyDraft, ...suggested } : draftOf(config),
  )
  const [tries, setTries] = useState(0)
  const form = useRef<HTMLFormElement>(null)
  const [run, setRun] = useState<Run | null>(null)
  const attempt = useAttempt()
  const before = config ?? { name: '', target: '', ...plainHost, tailnetNodeId }
  const refresh = useRefreshSettings()
  const others = (useSettings()?.settings.hosts ?? []).filter(({ id }) => id !== config?.id)
  const taken = takenAliases(others)
  const problems = problemsOf(draft, taken)
  const errorOf = (field: TextField) => {
    const problem = tries > 0 ? problems.find((one) => one.field === field) : undefined
    return problem === undefined ? null : say(`window.hosts.invalid.${problem.key}`)
  }
  useEffect(() => {
    if (tries > 0) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [tries])
  const asConfigured = say('window.hosts.as-configured')
  // Whoever pressed "Use" or "Edit" goes on in the form.
  const isFocused = (field: TextField) =>
    field === 'target' && (config !== null || suggested !== null)
  const input = (field: TextField, placeholder: string) => (
    <TextInput
      value={draft[field]}
      autoFocus={isFocused(field)}
      placeholder={placeholder}
      onChange={(text) => setDraft((now) => ({ ...now, [field]: text }))}
    />
  )

  function save(event: FormEvent) {
    event.preventDefault()
    // A question of the test is a form of its own; its events come through here on their way up.
    if (event.target !== event.currentTarget) return
    setTries((before) => before + 1)
    if (problems.length > 0) return
    attempt.run(async () => {
      const host = hostOf(draft, before)
      if (config === null) await client.hosts.add(host)
      else await client.hosts.edit({ ...host, kind: 'ssh', id: config.id })
      await refresh()
      onDone()
    })
  }

  function start(kind: Run['kind']) {
    setTries((before) => before + 1)
    if (problems.length === 0) setRun({ kind, host: hostOf(draft, before) })
  }

  return (
    <form ref={form} onSubmit={save} className="flex flex-col gap-4" noValidate>
      <Rows>
        <FieldRow
          label={say('window.hosts.target')}
          help={say('window.hosts.target-help')}
          error={errorOf('target')}
        >
          {input('target', 'mac-studio')}
        </FieldRow>
        <FieldRow label={say('window.hosts.name')} error={errorOf('name')}>
          {input('name', hostOf(draft).name || 'Mac Studio')}
        </FieldRow>
      </Rows>
      <Part title={say('window.hosts.ssh')} help={say('window.hosts.ssh-help')}>
        <Rows>
          <FieldRow label={say('window.hosts.account')} error={errorOf('account')}>
            {input('account', asConfigured)}
          </FieldRow>
          <FieldRow label={say('window.hosts.port')} error={errorOf('port')}>
            {input('port', asConfigured)}
          </FieldRow>
          <FieldRow label={say('window.hosts.key')} error={errorOf('keyPath')}>
            <div className="flex gap-1.5">
              {input('keyPath', asConfigured)}
              <Button onClick={() => start('key-set-up')}>
                {say('window.hosts.key-set-up.button')}
              </Button>
            </div>
          </FieldRow>
        </Rows>
      </Part>
      <Rows>
        <FieldRow
          label={say('window.hosts.folder')}
          help={say('window.hosts.folder-help')}
          error={errorOf('folderPath')}
        >
          {input('folderPath', say('window.hosts.home-folder'))}
        </FieldRow>
      </Rows>
      <Disclosure
        isOnBackground
        // an alias that is refused must be seen
        key={String(errorOf('alias') !== null)}
        label={say('window.hosts.more')}
        isOpenAtFirst={errorOf('alias') !== null || draft.alias !== '' || draft.isControlMasterOn}
      >
        <Rows>
          <FieldRow
            label={say('window.hosts.alias')}
            help={say('window.hosts.alias-help')}
            error={errorOf('alias')}
          >
            {input('alias', defaultAlias(hostOf(draft, before), taken))}
          </FieldRow>
          <ToggleRow
            label={say('window.hosts.control-master')}
            help={say('window.hosts.control-master-help')}
            isOn={draft.isControlMasterOn}
            onChange={(isControlMasterOn) => setDraft((now) => ({ ...now, isControlMasterOn }))}
          />
        </Rows>
      </Disclosure>
      {attempt.failure !== null && (
        <Note tone="bad" isAlert>
          {say(attempt.failure.message)}
        </Note>
      )}
      {run !== null && (
        <HostTest
          run={run}
          onClose={() => setRun(null)}
          onKey={(keyPath) => setDraft((now) => ({ ...now, keyPath }))}
        />
      )}
      <div className="flex gap-2">
        <Button kind="card" onClick={() => start('test')}>
          {say('window.hosts.test-button')}
        </Button>
        <span className="flex-1" />
        <Button kind="card" onClick={onDone}>
          {say('window.cancel')}
        </Button>
        <Button kind="filled" type="submit" disabled={attempt.isPending}>
          {say(config === null ? 'window.hosts.add' : 'window.save')}
        </Button>
      </div>
    </form>
  )
}

/** A group of rows that needs a sentence of its own. */
function Part({ title, help, children }: { title: string; help: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1.5">
      <div className="px-1">
        <h3 className="font-medium">{title}</h3>
        <p className="text-small text-soft">{help}</p>
      </div>
      {children}
    </div>
  )
}
