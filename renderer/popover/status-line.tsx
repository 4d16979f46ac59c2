import type { HostState } from '../../preload/contract/fleet.ts'
import type { Link } from '../../preload/contract/hosts.ts'
import { hostName } from '../../preload/words/host-name.ts'
import { useNow } from '../panels/clock.ts'
import { type Say, useSay } from '../panels/say.ts'
import { classNames } from '../ui/class-names.ts'
import { pathWords } from './path-words.ts'

const tones: Partial<Record<Link['state'], string>> = {
  stale: 'text-warn-text',
  unreachable: 'text-bad-text',
}

interface StatusLineProps {
  host: HostState
  /** Something stands between this and the Host's name at the top. */
  isNamed: boolean
}

/** How the Host is reached, how fast, and how old the numbers are. */
export function StatusLine({ host, isNamed }: StatusLineProps) {
  const say = useSay()
  const now = useNow()
  const { link } = host
  return (
    <div className="flex items-center gap-2 px-1 text-small text-soft">
      <p className={classNames('min-w-0 flex-1 truncate', tones[link.state])}>
        {statusWords(link, say) ?? (isNamed && hostName(host, say))}
      </p>
      {link.lastAnswerAt !== null && (
        <time dateTime={link.lastAnswerAt} className="flex-none">
          {say(`popover.status.${link.state === 'live' ? 'age' : 'last-answer'}`, {
            answerAt: atLeastASecondAgo(link.lastAnswerAt, now),
          })}
        </time>
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

/** Null: there is no way to speak of to the machine that one sits at. */
function statusWords(link: Link, say: Say): string | null {
  const path = pathWords(link, say)
  switch (link.state) {
    case 'live':
      if (link.path === 'this-machine') return null
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
