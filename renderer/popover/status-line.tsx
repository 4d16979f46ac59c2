import type { HostState } from '../../preload/contract/fleet.ts'
import type { Link } from '../../preload/contract/hosts.ts'
import { useNow } from '../panels/clock.ts'
import { hostName } from '../panels/host-name.ts'
import { type Say, useSay } from '../panels/say.ts'
import { classNames } from '../ui/class-names.ts'

/** How the Host is reached, how fast, and how old the numbers are. */
export function StatusLine({ host }: { host: HostState }) {
  const say = useSay()
  const now = useNow()
  const { link } = host
  const isWorrying = link.state === 'stale' || link.state === 'unreachable'
  return (
    <div className="flex items-center gap-2 px-1 text-small text-soft">
      <p className={classNames('min-w-0 flex-1 truncate', isWorrying && 'text-warn-text')}>
        {statusWords(link, say)}
      </p>
      {link.lastAnswerAt !== null && (
        <p className="flex-none">
          {say('popover.status.age', { answerAt: atLeastASecondAgo(link.lastAnswerAt, now) })}
        </p>
      )}
      {/* The age would be read out every second; only a change of state is. */}
      <p role="status" className="sr-only">
        {say('popover.status.announce', {
          name: hostName(host, say),
          state: say(`link.state.${link.state}`),
        })}
      </p>
    </div>
  )
}

/** "just now" and "1 s ago" would take turns with every tick. */
function atLeastASecondAgo(at: string, now: number): string {
  return new Date(Math.min(Date.parse(at), now - 1_000)).toISOString()
}

function statusWords(link: Link, say: Say): string {
  const path = say(`link.path.${link.path}`)
  switch (link.state) {
    case 'live':
      return link.roundTripMs === null
        ? path
        : say('popover.status.live', { path, roundTripMs: Math.max(1, link.roundTripMs) })
    case 'stale':
      return say('popover.status.stale', { path })
    case 'unreachable':
      return say('popover.status.unreachable')
    case 'asking':
      return say('popover.status.asking')
    case 'idle':
    case 'connecting':
      return say('popover.status.connecting')
  }
}
