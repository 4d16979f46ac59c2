import { X } from 'lucide-react'
import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { TextInput } from '../../ui/field.tsx'
import { failureOf, type TunnelRequest, useActions, useAttempt } from '../actions.ts'
import { useEscape } from '../escape.ts'
import { FailureText } from '../failure-text.tsx'
import { useHoldOpen } from '../hold-open.ts'
import { useSay } from '../say.ts'
import { portOf, usualTunnels } from './usual-tunnels.ts'

interface TunnelFormProps {
  hostId: string
  name: string
  onDone: () => void
}

/** Which port of the Host to bring here: one of the usual ones, or any. One Enter opens it. */
export function TunnelForm({ hostId, name, onDone }: TunnelFormProps) {
  const say = useSay()
  const actions = useActions()
  const attempt = useAttempt()
  const headingId = useId()
  const list = useRef<HTMLUListElement>(null)
  const [port, setPort] = useState('')
  /** What was asked for when the port here turned out to be taken. */
  const [taken, setTaken] = useState<TunnelRequest | null>(null)
  useEscape(onDone)
  useHoldOpen()
  useEffect(() => list.current?.querySelector('button')?.focus(), [])

  const open = (request: TunnelRequest) =>
    attempt.run(async () => {
      setTaken(null)
      try {
        await actions.openTunnel(request)
      } catch (error) {
        if (failureOf(error).code === 'port-taken') setTaken(request)
        throw error
      }
      onDone()
    })
  const openPort = (event: FormEvent) => {
    event.preventDefault()
    const remotePort = portOf(port)
    if (remotePort === null) return
    const tunnelName = say('popover.tunnels.port-name', { port: remotePort })
    open({ hostId, name: tunnelName, remotePort, localPort: null })
  }
  const other = taken === null ? null : (taken.localPort ?? taken.remotePort) + 1

  return (
    <Card aria-labelledby={headingId} padding="rows" className="grid grid-cols-1 gap-1">
      <div className="flex items-center gap-2 pr-2 pl-3">
        <h2 id={headingId} className="min-w-0 flex-1 truncate font-semibold">
          {say('popover.tunnels.form', { name })}
        </h2>
        <IconButton
          label={say('popover.tunnels.cancel')}
          icon={<X aria-hidden="true" className="size-[15px]" />}
          className="-my-1"
          onClick={onDone}
        />
      </div>
      <ul ref={list} onKeyDown={moveFocus} className="px-1.5">
        {usualTunnels.map((usual) => (
          <li key={usual.name}>
            <button
              type="button"
              aria-busy={attempt.isPending}
              onClick={() =>
                open({ hostId, name: usual.name, remotePort: usual.port, localPort: null })
              }
              className="flex h-7 w-full items-center rounded-button px-1.5 text-left -outline-offset-1 transition-colors hover:bg-press"
            >
              <span className="flex-1">{usual.name}</span>
              <span className="text-small text-soft">{usual.port}</span>
            </button>
          </li>
        ))}
      </ul>
      <form onSubmit={openPort} className="flex items-center gap-2 px-3">
        <label htmlFor={`${headingId}-port`} className="min-w-0 flex-1">
          {say('popover.tunnels.any-port')}
        </label>
        <span className="w-[76px] flex-none">
          <TextInput
            id={`${headingId}-port`}
            className="text-right"
            inputMode="numeric"
            maxLength={5}
            placeholder="1–65535"
            value={port}
            onChange={(value) => setPort(value.replaceAll(/\D/g, ''))}
          />
        </span>
        <Button type="submit" size="regular" disabled={portOf(port) === null}>
          {say('popover.tunnels.open')}
        </Button>
      </form>
      {attempt.failure !== null && (
        <div className="mt-1 flex items-start gap-2 px-3">
          <FailureText failure={attempt.failure} className="min-w-0 flex-1" />
          {taken !== null && other !== null && other <= 65_535 && (
            <Button size="small" onClick={() => open({ ...taken, localPort: other })}>
              {say('popover.tunnels.use-other', { port: other })}
            </Button>
          )}
        </div>
      )}
      <p className="px-3 pt-0.5 text-small text-soft">{say('popover.tunnels.only-here')}</p>
    </Card>
  )
}

/** The arrow keys go up and down the list, as in a menu. */
function moveFocus(event: KeyboardEvent<HTMLUListElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step === undefined) return
  event.preventDefault()
  const buttons = [...event.currentTarget.querySelectorAll('button')]
  const index = buttons.indexOf(document.activeElement as HTMLButtonElement)
  buttons[(index + step + buttons.length) % buttons.length]?.focus()
}
