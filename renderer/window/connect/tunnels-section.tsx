import { useState } from 'react'
import type { Tunnel } from '../../../preload/contract/tunnels.ts'
import { client } from '../../client.ts'
import { useActions, useAttempt } from '../../panels/actions.ts'
import { useNow } from '../../panels/clock.ts'
import { useSay } from '../../panels/say.ts'
import { useFleet } from '../../state/fleet.ts'
import { Button } from '../../ui/button.tsx'
import { List, Row } from '../../ui/card.tsx'
import { Note } from '../../ui/note.tsx'
import { StateDot } from '../../ui/state-dot.tsx'
import { Section } from '../window.tsx'

/** Ports of Hosts that are open on this machine now. */
export function TunnelsSection() {
  const say = useSay()
  const tunnels = useFleet()?.tunnels ?? []
  const title = say('window.connect.tunnels.title')
  useNow()
  return (
    <Section title={title} help={say('window.connect.tunnels.help')}>
      {tunnels.length === 0 ? (
        <Note title={say('window.connect.tunnels.empty.title')}>
          {say('window.connect.tunnels.empty.text')}
        </Note>
      ) : (
        <List aria-label={title}>
          {tunnels.map((tunnel) => (
            <TunnelRow key={tunnel.id} tunnel={tunnel} />
          ))}
        </List>
      )}
    </Section>
  )
}

function TunnelRow({ tunnel }: { tunnel: Tunnel }) {
  const say = useSay()
  const attempt = useAttempt()
  const copying = useAttempt()
  const [isCopied, setCopied] = useState(false)
  const actions = useActions()
  const { hostId, id, name, localPort, openedAt, connectionCount, problem } = tunnel
  const host = useFleet()?.hosts.find((one) => one.id === hostId)?.name ?? hostId
  const address = `127.0.0.1:${localPort}`
  const state = say(`window.connect.tunnels.${problem === null ? 'open' : 'broken'}`)
  const failure = attempt.failure ?? copying.failure
  return (
    <Row
      lead={<StateDot tone={problem === null ? 'good' : 'bad'} label={state} />}
      title={
        <>
          {name} <span className="selectable font-normal text-soft">{address}</span>
        </>
      }
      detail={[
        host,
        say('window.connect.tunnels.opened', { openedAt }),
        say('window.connect.tunnels.connections', { count: connectionCount }),
      ].join(say('popover.list-separator'))}
      actions={
        <>
          <Button
            size="small"
            aria-label={say('window.connect.tunnels.copy-name', { address })}
            className="min-w-[58px]"
            onBlur={() => setCopied(false)}
            onClick={() =>
              copying.run(async () => {
                await actions.copy(address)
                setCopied(true)
              })
            }
          >
            <span aria-live="polite">
              {say(`window.connect.tunnels.${isCopied ? 'copied' : 'copy'}`)}
            </span>
          </Button>
          <Button
            size="small"
            disabled={attempt.isPending}
            aria-label={say('window.connect.tunnels.close-name', { name, host })}
            onClick={() => attempt.run(() => client.tunnels.close({ hostId, id }))}
          >
            {say('window.connect.tunnels.close')}
          </Button>
        </>
      }
    >
      {problem !== null && (
        <p className="pl-[17px] text-small text-bad-text">{say(problem.message)}</p>
      )}
      {failure !== null && (
        <p role="alert" className="pl-[17px] text-small text-bad-text">
          {say(failure.message)}
        </p>
      )}
    </Row>
  )
}
