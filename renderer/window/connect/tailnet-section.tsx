import { RefreshCw } from 'lucide-react'
import type { HostState } from '../../../preload/contract/fleet.ts'
import type { Reading } from '../../../preload/contract/readings.ts'
import type { Tailnet } from '../../../preload/contract/tailnet.ts'
import { client } from '../../client.ts'
import { useActions, useAttempt } from '../../panels/actions.ts'
import { useNow } from '../../panels/clock.ts'
import { useSay } from '../../panels/say.ts'
import { useFleet } from '../../state/fleet.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Note } from '../../ui/note.tsx'
import { Section } from '../window.tsx'
import { Peers } from './peers.tsx'
import { TailnetCard } from './tailnet-card.tsx'

const downloadUrl = 'https://tailscale.com/download'

/** What this machine's Tailscale says, with its age, and what can be done about it. */
export function TailnetSection() {
  const say = useSay()
  const local = useFleet()?.hosts.find(({ kind }) => kind === 'local')
  const reading = local?.readings.tailnet as Reading<Tailnet> | undefined
  const refresh = useAttempt()
  useNow()
  return (
    <Section
      title={say('window.connect.tailnet.title')}
      aside={
        <div className="flex items-center gap-1.5">
          {reading !== undefined && (
            <span className="text-small text-soft">
              {say('window.connect.tailnet.asked', { askedAt: reading.at })}
            </span>
          )}
          <IconButton
            label={say('window.connect.tailnet.refresh')}
            className="-mr-1.5"
            disabled={refresh.isPending || local === undefined}
            icon={
              <RefreshCw
                size={14}
                aria-hidden="true"
                className={classNames(refresh.isPending && 'animate-spin')}
              />
            }
            onClick={() => refresh.run(() => client.tailnet.refresh())}
          />
        </div>
      }
    >
      {refresh.failure !== null && (
        <Note tone="bad" isAlert>
          {say(refresh.failure.message)}
        </Note>
      )}
      <Answer local={local} reading={reading} />
    </Section>
  )
}

interface AnswerProps {
  local: HostState | undefined
  reading: Reading<Tailnet> | undefined
}

function Answer({ local, reading }: AnswerProps) {
  const say = useSay()
  const actions = useActions()
  const attempt = useAttempt()
  if (local === undefined || reading === undefined) {
    return <Note>{say('window.connect.tailnet.asking')}</Note>
  }
  if (reading.kind === 'value') {
    return (
      <div className="flex flex-col gap-4">
        <TailnetCard tailnet={reading.value} local={local} />
        {(reading.value.state === 'running' || reading.value.peers.length > 0) && (
          <Peers tailnet={reading.value} local={local} />
        )}
      </div>
    )
  }
  if (reading.reason === 'not-installed') {
    return (
      <Note
        title={say('window.connect.tailnet.not-installed.title')}
        actions={
          <Button
            onClick={() => attempt.run(() => actions.openRemedy(downloadUrl))}
            disabled={attempt.isPending}
          >
            {say('window.connect.tailnet.get')}
          </Button>
        }
      >
        <p>{say('window.connect.tailnet.not-installed.text')}</p>
        {attempt.failure !== null && (
          <p className="selectable pt-1 font-mono text-small">{downloadUrl}</p>
        )}
      </Note>
    )
  }
  return (
    <Note tone="warn" title={say('window.connect.tailnet.unknown.title')}>
      <p>{say(`window.connect.tailnet.unknown.${unknownKeys[reading.reason] ?? 'other'}`)}</p>
      {reading.detail !== '' && (
        <p className="selectable pt-1 break-words font-mono text-small">{reading.detail}</p>
      )}
    </Note>
  )
}

/** Reasons that somebody can do something about; for all others there is one sentence. */
const unknownKeys: Partial<Record<Extract<Reading, { kind: 'unknown' }>['reason'], string>> = {
  'timed-out': 'timed-out',
  'not-permitted': 'not-permitted',
}
