import { Check, Copy, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Tunnel } from '../../../preload/contract/tunnels.ts'
import { IconButton } from '../../ui/button.tsx'
import { Heading, List, Row } from '../../ui/card.tsx'
import { useActions, useAttempt } from '../actions.ts'
import { useNow } from '../clock.ts'
import { useSay } from '../say.ts'

interface TunnelListProps {
  tunnels: readonly Tunnel[]
  /** After a tunnel was closed by its button, which is gone then. */
  onClosed: () => void
}

/** The open tunnels of a Host: where each is reached here, since when, and what goes through it. */
export function TunnelList({ tunnels, onClosed }: TunnelListProps) {
  const say = useSay()
  useNow()
  return (
    <section aria-labelledby="tunnels-heading" className="grid grid-cols-1 gap-1">
      <Heading id="tunnels-heading">{say('popover.tunnels.title')}</Heading>
      <List>
        {tunnels.map((tunnel) => (
          <TunnelRow key={tunnel.id} tunnel={tunnel} onClosed={onClosed} />
        ))}
      </List>
    </section>
  )
}

const copiedForMs = 2_000

function TunnelRow({ tunnel, onClosed }: { tunnel: Tunnel; onClosed: () => void }) {
  const say = useSay()
  const actions = useActions()
  const attempt = useAttempt()
  const [isCopied, setCopied] = useState(false)
  const { id, hostId, name, localPort, remotePort, openedAt, connectionCount, problem } = tunnel
  const address = `127.0.0.1:${localPort}`
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), copiedForMs)
    return () => clearTimeout(timer)
  }, [isCopied])
  const facts = [
    ...(localPort === remotePort ? [] : [say('popover.tunnels.remote-port', { remotePort })]),
    say('popover.tunnels.opened', { openedAt }),
    ...(connectionCount === 0
      ? []
      : [say('popover.tunnels.connections', { count: connectionCount })]),
  ]
  const failure = attempt.failure ?? problem
  return (
    <Row
      title={
        <span className="flex items-baseline gap-2">
          <span className="truncate" title={name}>
            {name}
          </span>
          <a
            href={`http://${address}/`}
            target="_blank"
            rel="noreferrer"
            title={say('popover.tunnels.show', { name })}
            className="selectable flex-none rounded-[3px] font-mono font-normal text-accent-text text-small hover:underline"
            onClick={(event) => {
              event.preventDefault()
              attempt.run(() => actions.openTunnelPage(localPort))
            }}
          >
            {address}
          </a>
        </span>
      }
      detail={facts.join(say('popover.list-separator'))}
      actions={
        <span className="-mr-1 flex">
          <IconButton
            label={say(isCopied ? 'popover.copied' : 'popover.tunnels.copy', { address })}
            icon={
              isCopied ? (
                <Check aria-hidden="true" className="size-[14px]" />
              ) : (
                <Copy aria-hidden="true" className="size-[14px]" />
              )
            }
            onClick={() =>
              attempt.run(async () => {
                await actions.copy(address)
                setCopied(true)
              })
            }
          />
          <IconButton
            label={say('popover.tunnels.close', { name })}
            icon={<X aria-hidden="true" className="size-[15px]" />}
            onClick={() =>
              attempt.run(async () => {
                await actions.closeTunnel(hostId, id)
                onClosed()
              })
            }
          />
        </span>
      }
    >
      {failure !== null && (
        <p
          role={attempt.failure === null ? 'status' : 'alert'}
          className="selectable text-small text-bad-text"
          title={failure.detail}
        >
          {say(failure.message)}
        </p>
      )}
    </Row>
  )
}
