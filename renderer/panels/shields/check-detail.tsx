import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import type { Remedy } from '../../../preload/contract/base.ts'
import type { CheckResult } from '../../../preload/contract/checks.ts'
import type { HostState } from '../../../preload/contract/fleet.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { useActions, useAttempt } from '../actions.ts'
import { useNow } from '../clock.ts'
import { hostName } from '../host-name.ts'
import { isAnswering } from '../panel.ts'
import { useSay } from '../say.ts'

/** What a check saw, when, and what can be done about it. */
export function CheckDetail({
  id,
  check,
  host,
}: {
  id: string
  check: CheckResult
  host: HostState
}) {
  const say = useSay()
  useNow()
  const actions = useActions()
  const attempt = useAttempt()
  return (
    <Card id={id} className="grid grid-cols-1 gap-2">
      <p className="text-button">{say(check.reason)}</p>
      {check.remedy !== undefined && (
        <RemedyLine remedy={check.remedy} name={hostName(host, say)} />
      )}
      <div className="flex items-center justify-between text-small text-soft">
        <span>{say('popover.shields.asked', { askedAt: check.at })}</span>
        <Button
          size="small"
          kind="quiet"
          className="-mr-1.5"
          disabled={attempt.isPending || !isAnswering(host)}
          onClick={() => attempt.run(() => actions.runCheck(host.id, check.id))}
        >
          {say(attempt.isPending ? 'popover.shields.asking' : 'popover.shields.ask-again')}
        </Button>
      </div>
      {attempt.failure !== null && (
        <p role="alert" className="selectable text-small text-bad-text">
          {say(attempt.failure.message)}
        </p>
      )}
    </Card>
  )
}

function RemedyLine({ remedy, name }: { remedy: Remedy; name: string }) {
  const say = useSay()
  const actions = useActions()
  const attempt = useAttempt()
  const { target, kind } = remedy
  return (
    <div className="grid grid-cols-1 gap-1.5">
      <p className="text-button text-soft">
        {remedy.where === 'on-host' && (
          <span className="font-medium text-text">
            {say('popover.shields.on-host', { name })}
            {say('popover.word-separator')}{' '}
          </span>
        )}
        {say(remedy.text)}
      </p>
      {target !== undefined && kind === 'run-command' && <Command text={target} />}
      {target !== undefined && (kind === 'open-settings' || kind === 'read') && (
        <Button
          size="small"
          className="justify-self-start"
          disabled={attempt.isPending}
          onClick={() => attempt.run(() => actions.openRemedy(target))}
        >
          {say(`popover.shields.${kind}`)}
        </Button>
      )}
      {attempt.failure !== null && (
        <p role="alert" className="text-small text-bad-text">
          {say(attempt.failure.message)}
        </p>
      )}
    </div>
  )
}

/** A command to run elsewhere: shown as it is, and copied by a click. */
export function Command({ text }: { text: string }) {
  const say = useSay()
  const actions = useActions()
  const attempt = useAttempt()
  const [isCopied, setCopied] = useState(false)
  return (
    <div className="flex items-center gap-1 rounded-button bg-press py-0.5 pr-0.5 pl-2">
      <code className="min-w-0 flex-1 py-1 break-words font-mono text-small">{text}</code>
      <IconButton
        label={say(isCopied ? 'popover.copied' : 'popover.copy')}
        icon={
          isCopied ? (
            <Check aria-hidden="true" className="size-[13px]" />
          ) : (
            <Copy aria-hidden="true" className="size-[13px]" />
          )
        }
        onClick={() =>
          attempt.run(async () => {
            await actions.copy(text)
            setCopied(true)
          })
        }
      />
    </div>
  )
}
