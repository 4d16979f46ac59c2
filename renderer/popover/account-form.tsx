import { type FormEvent, useState } from 'react'
import { useEscape } from '../panels/escape.ts'
import { useSay } from '../panels/say.ts'
import { Button } from '../ui/button.tsx'
import { Field, TextInput } from '../ui/field.tsx'
import { emptyDraft, problemsOf } from '../window/hosts/host-form.ts'

interface AccountFormProps {
  /** Of the machine. */
  name: string
  /** Of the person on this machine: most people have the same name everywhere. */
  account: string | null
  isPending: boolean
  /** Null: as SSH is configured. */
  onAdd: (account: string | null) => void
  onCancel: () => void
}

/** All but the account is known. Enter adds the machine. */
export function AccountForm({ name, account, isPending, onAdd, onCancel }: AccountFormProps) {
  const say = useSay()
  const [typed, setTyped] = useState(account ?? '')
  const [isTried, setTried] = useState(false)
  const wanted = typed.trim()
  const isWrong = problemsOf({ ...emptyDraft, account: wanted }).some(
    ({ field }) => field === 'account',
  )
  useEscape(onCancel)

  function add(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (!isWrong) onAdd(wanted === '' ? null : wanted)
  }

  return (
    <form onSubmit={add} noValidate className="flex items-start gap-1.5 pt-1.5 pb-1">
      <Field
        className="flex-1"
        label={say('popover.first-run.account', { name })}
        error={isTried && isWrong ? say('popover.first-run.account-wrong') : null}
      >
        <TextInput
          value={typed}
          autoFocus
          onFocus={(event) => event.currentTarget.select()}
          onChange={setTyped}
        />
      </Field>
      <div className="flex gap-1.5 pt-5">
        <Button onClick={onCancel}>{say('popover.first-run.cancel')}</Button>
        <Button kind="filled" type="submit" disabled={isPending}>
          {say('popover.first-run.add')}
        </Button>
      </div>
    </form>
  )
}
