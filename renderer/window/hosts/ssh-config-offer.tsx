import { useState } from 'react'
import { useSay } from '../../panels/say.ts'
import { useUpdateSettings } from '../../state/settings.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Diff } from '../connect/diff.tsx'
import { useSshConfig } from '../connect/use-ssh-config.ts'
import { Failure } from '../failure.tsx'

/** Asked once, after the first Host was added: may `~/.ssh/config` include Studiolo's file? The place for it stays. */
export function SshConfigOffer() {
  const say = useSay()
  const { state, attempt, include } = useSshConfig()
  const update = useUpdateSettings()
  const [isShown, setShown] = useState(false)
  if (state?.state !== 'not-included') return null
  return (
    <Card aria-labelledby="ssh-config-offer" className="mt-2 flex flex-col gap-2.5">
      <div className="flex flex-col gap-0.5">
        <h3 id="ssh-config-offer" className="font-medium">
          {say('window.hosts.offer.title')}
        </h3>
        <p className="text-button text-soft">{say('window.hosts.offer.text')}</p>
      </div>
      {isShown && <Diff label={say('window.connect.ssh.diff')} lines={state.diff} />}
      {attempt.failure !== null && <Failure error={attempt.failure} />}
      <div className="flex justify-end gap-1.5">
        <Button onClick={() => update.mutate({ isSshConfigOffered: true })}>
          {say('window.hosts.offer.not-now')}
        </Button>
        {isShown ? (
          <Button
            key="include"
            kind="filled"
            autoFocus
            disabled={attempt.isPending}
            onClick={() => include(state)}
          >
            {say('window.connect.ssh.include')}
          </Button>
        ) : (
          <Button key="show" kind="tinted" onClick={() => setShown(true)}>
            {say('window.hosts.offer.show')}
          </Button>
        )}
      </div>
    </Card>
  )
}
