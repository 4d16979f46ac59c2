import { type FormEvent, useId, useState } from 'react'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import { client } from '../../client.ts'
import { useAttempt } from '../../panels/actions.ts'
import { useSay } from '../../panels/say.ts'
import { useRefreshSettings } from '../../state/settings.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { draftOf, emptyDraft, type HostDraft, hostOf, problemsOf } from './host-form.ts'
import { HostTest } from './host-test.tsx'

interface HostEditorProps {
  /** The Host to edit; null adds one. */
  config: SshHostConfig | null
  /** What a suggestion fills in. */
  suggested?: Partial<HostDraft>
  onDone: () => void
}

export function HostEditor({ config, suggested, onDone }: HostEditorProps) {
  const say = useSay()
  const [draft, setDraft] = useState<HostDraft>(
    config === null ? { ...emptyDraft, ...suggested } : draftOf(config),
  )
  const [isTried, setTried] = useState(false)
  const [testOf, setTestOf] = useState<{ host: ReturnType<typeof hostOf>; key: number } | null>(
    null,
  )
  const formId = useId()
  const attempt = useAttempt()
  const refresh = useRefreshSettings()
  const problems = problemsOf(draft)
  const errorOf = (field: keyof HostDraft) => {
    const problem = isTried ? problems.find((one) => one.field === field) : undefined
    return problem === undefined ? null : say(`window.hosts.invalid.${problem.key}`)
  }
  const input = (field: keyof HostDraft, placeholder = '') => (
    <TextInput
      value={draft[field]}
      placeholder={placeholder}
      onChange={(text) => setDraft((now) => ({ ...now, [field]: text }))}
    />
  )

  function save(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (problems.length > 0) return
    attempt.run(async () => {
      const host = hostOf(draft)
      if (config === null) await client.hosts.add(host)
      else await client.hosts.edit({ ...host, kind: 'ssh', id: config.id })
      await refresh()
      onDone()
    })
  }

  function test() {
    setTried(true)
    if (problems.length === 0) setTestOf({ host: hostOf(draft), key: Date.now() })
  }

  return (
    <div className="flex flex-col gap-3">
      <Card className="p-4">
        <form id={formId} onSubmit={save} className="grid grid-cols-2 gap-x-4 gap-y-3" noValidate>
          <Field
            label={say('window.hosts.target')}
            help={say('window.hosts.target-help')}
            error={errorOf('target')}
            className="col-span-2"
          >
            {input('target', 'mac-studio')}
          </Field>
          <Field
            label={say('window.hosts.name')}
            help={say('window.hosts.name-help')}
            error={errorOf('name')}
          >
            {input('name', 'Mac Studio')}
          </Field>
          <Field
            label={say('window.hosts.account')}
            help={say('window.hosts.account-help')}
            error={errorOf('account')}
          >
            {input('account')}
          </Field>
          <Field
            label={say('window.hosts.port')}
            help={say('window.hosts.port-help')}
            error={errorOf('port')}
          >
            {input('port', '22')}
          </Field>
          <Field
            label={say('window.hosts.key')}
            help={say('window.hosts.key-help')}
            error={errorOf('keyPath')}
          >
            {input('keyPath', '~/.ssh/id_ed25519')}
          </Field>
          <Field
            label={say('window.hosts.folder')}
            help={say('window.hosts.folder-help')}
            error={errorOf('folderPath')}
            className="col-span-2"
          >
            {input('folderPath', '/Users/ana/projects')}
          </Field>
        </form>
      </Card>
      {attempt.failure !== null && (
        <Note tone="bad" isAlert>
          {say(attempt.failure.message)}
        </Note>
      )}
      {testOf !== null && (
        <HostTest key={testOf.key} host={testOf.host} onClose={() => setTestOf(null)} />
      )}
      <div className="flex gap-2">
        <Button kind="card" onClick={test}>
          {say('window.hosts.test-button')}
        </Button>
        <span className="flex-1" />
        <Button kind="card" onClick={onDone}>
          {say('window.cancel')}
        </Button>
        <Button kind="filled" type="submit" form={formId} disabled={attempt.isPending}>
          {say(config === null ? 'window.hosts.add' : 'window.save')}
        </Button>
      </div>
    </div>
  )
}
