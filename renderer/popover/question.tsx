import { type FormEvent, useState } from 'react'
import type { LinkQuestion } from '../../preload/contract/hosts.ts'
import { type HostAnswer, useActions, useAttempt } from '../panels/actions.ts'
import { useHoldOpen } from '../panels/hold-open.ts'
import { Command } from '../panels/remedy.tsx'
import { useSay } from '../panels/say.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Field, TextInput } from '../ui/field.tsx'
import { Switch } from '../ui/switch.tsx'
import { rememberPassword } from './key-offer-slot.tsx'

interface QuestionProps {
  /** Id of a Host, or of a test of one. */
  id: string
  /** The name by which the person knows the machine. */
  name: string
  question: LinkQuestion
}

/** What only the person can decide before a connection goes on. */
export function Question({ id, name, question }: QuestionProps) {
  const say = useSay()
  const actions = useActions()
  const attempt = useAttempt()
  useHoldOpen()
  const answer = (given: HostAnswer) => attempt.run(() => actions.answer(id, given))
  return (
    <Card aria-labelledby={`question-${id}`} padding="even" className="grid grid-cols-1 gap-2.5">
      {question.kind === 'host-key' ? (
        <HostKey
          {...{ id, name, question }}
          isPending={attempt.isPending}
          onAnswer={(isAccepted) =>
            answer({ kind: 'host-key', fingerprint: question.fingerprint, isAccepted })
          }
        />
      ) : (
        <Secret
          {...{ id, question }}
          isPending={attempt.isPending}
          onAnswer={(secret, isRemembered) => {
            if (secret !== null && question.what === 'password') rememberPassword(id)
            answer({ kind: 'secret', secret, isRemembered })
          }}
        />
      )}
      {attempt.failure !== null && (
        <p role="alert" className="text-small text-bad-text">
          {say(attempt.failure.message)}
        </p>
      )}
    </Card>
  )
}

interface HostKeyProps {
  id: string
  name: string
  question: Extract<LinkQuestion, { kind: 'host-key' }>
  isPending: boolean
  onAnswer: (isAccepted: boolean) => void
}

function HostKey({ id, name, question, isPending, onAnswer }: HostKeyProps) {
  const say = useSay()
  const file = `/etc/ssh/ssh_host_${keyFileOf(question.keyType)}_key.pub`
  return (
    <>
      <div className="grid gap-1">
        <h2 id={`question-${id}`} className="font-semibold">
          {say('popover.question.host-key.title', { name })}
        </h2>
        <p className="text-button text-soft">
          {say('popover.question.host-key.text', { address: question.address })}
        </p>
      </div>
      <div className="grid gap-0.5 rounded-button bg-press px-2.5 py-2">
        <span className="text-small text-soft">{question.keyType}</span>
        <Fingerprint text={question.fingerprint} />
      </div>
      <div className="grid grid-cols-1 gap-1">
        <p className="text-small text-soft">{say('popover.question.host-key.compare')}</p>
        <Command text={`ssh-keygen -lf ${file}`} />
      </div>
      <div className="flex justify-end gap-2">
        <Button disabled={isPending} onClick={() => onAnswer(false)}>
          {say('popover.question.host-key.refuse')}
        </Button>
        <Button kind="filled" disabled={isPending} onClick={() => onAnswer(true)}>
          {say('popover.question.host-key.accept')}
        </Button>
      </div>
    </>
  )
}

/** Breaks after `SHA256:`, so that the part to compare stands on one line. */
function Fingerprint({ text }: { text: string }) {
  const cut = text.indexOf(':') + 1
  return (
    <code className="break-words font-mono text-small">
      {text.slice(0, cut)}
      <wbr />
      {text.slice(cut)}
    </code>
  )
}

/** sshd's file name for a key type: `ssh-ed25519` → `ed25519`, `ecdsa-sha2-nistp256` → `ecdsa`. */
export function keyFileOf(keyType: string): string {
  if (keyType.startsWith('ecdsa')) return 'ecdsa'
  return keyType.includes('rsa') ? 'rsa' : 'ed25519'
}

interface SecretProps {
  id: string
  question: Extract<LinkQuestion, { kind: 'secret' }>
  isPending: boolean
  onAnswer: (secret: string | null, isRemembered: boolean) => void
}

function Secret({ id, question, isPending, onAnswer }: SecretProps) {
  const say = useSay()
  const [secret, setSecret] = useState('')
  const [isRemembered, setRemembered] = useState(false)
  const { canKeepSecrets } = useActions()
  const { what, subject, isRetry } = question
  // a code is good once, and a kept PIN that is wrong would lock the key
  const canBeKept = what === 'password' || what === 'passphrase'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (secret === '') return
    onAnswer(secret, isRemembered)
    setSecret('')
  }
  return (
    <form onSubmit={submit} className="grid grid-cols-1 gap-2.5">
      <h2 id={`question-${id}`} className="font-semibold">
        {say(`popover.question.${what}.title`)}
      </h2>
      <Field
        label={say(`popover.question.${what}.label`, { subject })}
        error={isRetry ? say(`popover.question.${what}.wrong`) : null}
      >
        <TextInput type="password" value={secret} onChange={setSecret} autoFocus />
      </Field>
      {canKeepSecrets && canBeKept && (
        <div className="flex items-center gap-2 text-button">
          <Switch
            labelledBy={`remember-${id}`}
            isOn={isRemembered}
            onChange={(isOn) => setRemembered(isOn)}
          />
          <span id={`remember-${id}`}>{say('popover.question.remember')}</span>
        </div>
      )}
      <div className="flex justify-end gap-2">
        <Button disabled={isPending} onClick={() => onAnswer(null, false)}>
          {say('popover.question.cancel')}
        </Button>
        <Button type="submit" kind="filled" disabled={isPending || secret === ''}>
          {say('popover.question.connect')}
        </Button>
      </div>
    </form>
  )
}
