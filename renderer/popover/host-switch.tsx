import { Tabs } from '@base-ui/react/tabs'
import { ChevronsUpDown } from 'lucide-react'
import type { HostState } from '../../preload/contract/fleet.ts'
import { hostName } from '../../preload/words/host-name.ts'
import { useSay } from '../panels/say.ts'
import { classNames } from '../ui/class-names.ts'
import { linkTones } from '../ui/link-tones.ts'
import { Menu } from '../ui/menu.tsx'
import { segmentClass, segmentTrackClass } from '../ui/segmented.tsx'
import { StateDot } from '../ui/state-dot.tsx'
import { Tag } from '../ui/tag.tsx'

/** More Hosts than this are a menu. */
export const mostSegments = 3

interface HostSwitchProps {
  hosts: readonly HostState[]
  selected: HostState
  onSelect: (id: string) => void
}

/** Which Host is on display. One alone is a title, a few are segments, many are a menu. */
export function HostSwitch({ hosts, selected, onSelect }: HostSwitchProps) {
  const say = useSay()
  if (hosts.length === 1)
    return (
      <h1 className="flex h-7 min-w-0 flex-1 items-center gap-1.5 px-1">
        <HostName host={selected} isWhole />
      </h1>
    )
  if (hosts.length > mostSegments)
    return (
      <Menu
        align="start"
        label={say('popover.hosts.chosen', { name: hostName(selected, say) })}
        className={classNames(
          segmentTrackClass,
          'h-7 flex-1 items-center px-2.5 text-left font-medium hover:bg-press-hover',
        )}
        face={
          <>
            <span className="flex min-w-0 flex-1 items-center gap-1.5">
              <HostName host={selected} />
            </span>
            <ChevronsUpDown aria-hidden="true" className="size-3.5 flex-none text-soft" />
          </>
        }
        entries={[
          {
            kind: 'choices',
            id: 'hosts',
            value: selected.id,
            onChange: onSelect,
            options: hosts.map((host) => ({ value: host.id, label: <HostName host={host} /> })),
          },
        ]}
      />
    )
  return (
    <Tabs.List
      activateOnFocus
      aria-label={say('popover.hosts.label')}
      className={classNames(segmentTrackClass, 'flex-1')}
    >
      {hosts.map((host) => (
        <Tabs.Tab key={host.id} value={host.id} className={segmentClass(host.id === selected.id)}>
          <HostName host={host} />
        </Tabs.Tab>
      ))}
    </Tabs.List>
  )
}

function HostName({ host, isWhole = false }: { host: HostState; isWhole?: boolean }) {
  const say = useSay()
  return (
    <>
      <StateDot tone={linkTones[host.link.state]} label={say(`link.state.${host.link.state}`)} />
      <span
        className={classNames('truncate', isWhole && 'font-semibold')}
        title={hostName(host, say)}
      >
        {hostName(host, say)}
      </span>
      {host.kind === 'demo' && <Tag>{say('popover.demo')}</Tag>}
    </>
  )
}
