import { Check, Copy } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { Remedy } from '../../preload/contract/base.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { useActions, useAttempt } from './actions.ts'
import { useSay } from './say.ts'

interface RemedyLineProps {
  remedy: Remedy
  /** Of the Host that the remedy speaks of. */
  name: string
  /** "On this Mac:", where it has to be said that something is to be done here. */
  here?: string
  /** In place of the one that opens its page or its settings pane. */
  button?: ReactNode
  /** Of its own button. */
  kind?: 'plain' | 'filled'
}

/** What can be done, where, and the button or the command that does it. */
export function RemedyLine({ remedy, name, here, button, kind: look = 'plain' }: RemedyLineProps) {
  const say = useSay()
  const actions = useActions()
  const attempt = useAttempt()
  const { target, kind, where } = remedy
  const place = where === 'on-host' ? say('popover.shields.on-host', { name }) : here
  return (
    <div className="grid grid-cols-1 gap-1.5">
      <p className="text-button text-soft">
        {place !== undefined && (
          <span className="font-medium text-text [html[lang=en]_&]:mr-1">{place}</span>
        )}
        {say(remedy.text)}
      </p>
      {target !== undefined && kind === 'run-command' && <Command text={target} />}
      {button}
      {button === undefined && target !== undefined && kind !== 'run-command' && (
        <Button
          size="small"
          kind={look}
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
