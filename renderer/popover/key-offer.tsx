import { useEffect, useState } from 'react'
import { useActions, useAttempt } from '../panels/actions.ts'
import { useSay } from '../panels/say.ts'
import { Button } from '../ui/button.tsx'
import { Note } from '../ui/note.tsx'

/** Asked once for a Host: whether a key is to take the place of the password. */
export function KeyOffer({ hostId, name }: { hostId: string; name: string }) {
  const say = useSay()
  const actions = useActions()
  const attempt = useAttempt()
  const [isOpen, setOpen] = useState(false)

  useEffect(() => {
    let isGone = false
    actions.isKeyUnoffered(hostId).then(
      (isUnoffered) => !isGone && setOpen(isUnoffered),
      () => undefined,
    )
    return () => {
      isGone = true
    }
  }, [actions, hostId])

  const settle = (act?: () => Promise<void>) =>
    attempt.run(async () => {
      await actions.keepKeyOffered(hostId)
      setOpen(false)
      await act?.()
    })
  if (!isOpen) return null
  return (
    <Note
      title={say('popover.key-offer.title')}
      actions={
        <>
          <Button
            size="small"
            kind="tinted"
            disabled={attempt.isPending}
            onClick={() => settle(() => actions.openHost(hostId, 'key'))}
          >
            {say('popover.key-offer.make')}
          </Button>
          <Button size="small" kind="quiet" disabled={attempt.isPending} onClick={() => settle()}>
            {say('popover.key-offer.not-now')}
          </Button>
        </>
      }
    >
      <p>{say('popover.key-offer.text', { name })}</p>
      {attempt.failure !== null && (
        <p role="alert" className="text-bad-text">
          {say(attempt.failure.message)}
        </p>
      )}
    </Note>
  )
}
