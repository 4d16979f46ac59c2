import { TriangleAlert } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { HostState } from '../../../preload/contract/fleet.ts'
import type { Tailnet } from '../../../preload/contract/tailnet.ts'
import { formatDay, type Language } from '../../../preload/words/units.ts'
import { client } from '../../client.ts'
import { i18n } from '../../i18n.ts'
import { useActions, useAttempt } from '../../panels/actions.ts'
import { useNow } from '../../panels/clock.ts'
import { useSay } from '../../panels/say.ts'
import { useFleet } from '../../state/fleet.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Note } from '../../ui/note.tsx'
import { StateDot } from '../../ui/state-dot.tsx'
import { Failure } from '../failure.tsx'
import { Fact, Facts } from '../rows.tsx'
import { type KeyState, keyStateOf, stateKey, stateTone } from './tailnet-words.ts'

interface TailnetCardProps {
  tailnet: Tailnet
  local: HostState
}

/** The state with the one action that belongs to it; under it what is known of this machine's node. */
export function TailnetCard({ tailnet, local }: TailnetCardProps) {
  const say = useSay()
  const now = useNow()
  const { self, variant, version, health } = tailnet
  const key = stateKey(tailnet)
  const part = (name: string) => say(`window.connect.tailnet.${name}`)
  const keyState = self === null ? null : keyStateOf(self, now)
  const program = [version, variant === null ? null : part(`variant.${variant}`)]
  return (
    <>
      <Actions tailnet={tailnet} local={local}>
        {(actions, progress) => (
          <Facts>
            <div className="flex min-h-8 items-center gap-2.5 py-2.5">
              <StateDot tone={stateTone(tailnet)} label={part(`state.${key}`)} />
              <div className="min-w-0 flex-1">
                <div className="font-medium">{part(`state.${key}`)}</div>
                <div className="text-small text-soft" aria-live="polite">
                  {progress ?? part(`state-text.${key}`)}
                </div>
              </div>
              <div className="flex flex-none gap-1.5">{actions}</div>
            </div>
            <dl className="hairline-t empty:hidden">
              {tailnet.tailnetName !== null && (
                <Fact name={part('name')}>{tailnet.tailnetName}</Fact>
              )}
              {tailnet.loginName !== null && tailnet.loginName !== tailnet.tailnetName && (
                <Fact name={part('login')}>{tailnet.loginName}</Fact>
              )}
              {self !== null && (
                <Fact name={part('this-machine')}>
                  {[self.dnsName ?? self.name, ...self.addresses].map((way) => (
                    <span key={way} className="block">
                      {way}
                    </span>
                  ))}
                </Fact>
              )}
              {self !== null && keyState !== null && (
                <Fact name={part('key')}>
                  <KeyExpiry of="self" at={self.keyExpiresAt} state={keyState} />
                </Fact>
              )}
              {program.some((one) => one !== null) && (
                <Fact name="Tailscale">
                  {program.filter((one) => one !== null).join(say('popover.list-separator'))}
                </Fact>
              )}
            </dl>
          </Facts>
        )}
      </Actions>
      {health.length > 0 && (
        <Note
          tone="warn"
          title={
            <span className="flex items-center gap-1.5">
              <TriangleAlert size={13} className="flex-none text-warn" aria-hidden="true" />
              {part('health')}
            </span>
          }
        >
          <ul className="flex flex-col gap-1">
            {health.map((text) => (
              <li key={text} lang="en" className="selectable">
                {say('window.connect.tailnet.quote', { text })}
              </li>
            ))}
          </ul>
        </Note>
      )}
      {variant !== null && (local.platform === 'darwin' || variant !== 'daemon') && (
        <p className="px-1 text-small text-soft">{part(`variant-text.${variant}`)}</p>
      )}
    </>
  )
}

interface KeyExpiryProps {
  of: 'self' | 'peer'
  at: string | null
  state: KeyState
}

export function KeyExpiry({ of, at, state }: KeyExpiryProps) {
  const say = useSay()
  const date = at === null ? '' : formatDay(at, i18n.language as Language)
  const text = say(`window.connect.key.${of}.${state}`, { date, endsAt: at })
  if (state === 'near') return <span className="text-warn-text">{text}</span>
  return state === 'expired' ? <span className="text-bad-text">{text}</span> : text
}

interface ActionsProps extends TailnetCardProps {
  /** The buttons, and what the running Job says in place of the state's sentence. */
  children: (actions: ReactNode, progress: string | null) => ReactNode
}

const jobKinds = ['tailnet-up', 'tailnet-down', 'tailnet-log-in']

function Actions({ tailnet, local, children }: ActionsProps) {
  const say = useSay()
  const attempt = useAttempt()
  const cancelling = useAttempt()
  const { openRemedy } = useActions()
  const [isAsking, setAsking] = useState(false)
  const job = useFleet()?.jobs.findLast(
    ({ hostId, kind }) => hostId === local.id && jobKinds.includes(kind),
  )
  const isRunning = job?.state === 'running' || job?.state === 'cancelling'
  const part = (name: string) => say(`window.connect.tailnet.${name}`)
  const { authUrl } = tailnet

  function buttons() {
    if (isRunning) {
      return (
        <>
          {job.kind === 'tailnet-log-in' && authUrl !== null && (
            <Button onClick={() => attempt.run(() => openRemedy(authUrl))}>
              {part('open-page')}
            </Button>
          )}
          <Button
            disabled={job.state === 'cancelling' || cancelling.isPending}
            onClick={() =>
              cancelling.run(() => client.jobs.cancel({ hostId: local.id, jobId: job.id }))
            }
          >
            {say('window.cancel')}
          </Button>
        </>
      )
    }
    switch (tailnet.state) {
      case 'running':
        return (
          <Button disabled={attempt.isPending} onClick={() => setAsking(true)}>
            {part('down-button')}
          </Button>
        )
      case 'stopped':
        return (
          <Button
            kind="filled"
            disabled={attempt.isPending}
            onClick={() => attempt.run(() => client.tailnet.up())}
          >
            {part('up')}
          </Button>
        )
      case 'needs-login':
        return (
          <Button
            kind="filled"
            disabled={attempt.isPending}
            onClick={() => attempt.run(() => client.tailnet.logIn())}
          >
            {part('log-in')}
          </Button>
        )
      case 'starting':
      case 'needs-machine-auth':
        return null
    }
  }

  const progress = isRunning
    ? job.state === 'cancelling'
      ? part('cancelling')
      : (job.lines.at(-1) ?? say(job.title))
    : null
  const failure = attempt.failure ?? cancelling.failure
  return (
    <>
      {children(buttons(), progress)}
      {failure !== null &&
        (failure.code === 'not-permitted' ? (
          <Note tone="warn" isAlert>
            {part('not-permitted')}
          </Note>
        ) : (
          <Failure error={failure} />
        ))}
      {failure === null && job?.state === 'failed' && job.error !== null && (
        <Failure error={job.error} />
      )}
      <Dialog
        isOpen={isAsking}
        title={part('down-title')}
        description={part('down-text')}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{say('window.cancel')}</Button>
            <Button
              kind="danger"
              onClick={() => {
                setAsking(false)
                attempt.run(() => client.tailnet.down())
              }}
            >
              {part('down')}
            </Button>
          </>
        }
      />
    </>
  )
}
