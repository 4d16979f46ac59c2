import { Tabs } from '@base-ui/react/tabs'
import { Settings2 } from 'lucide-react'
import { lazy, memo, Suspense, useEffect } from 'react'
import type { FleetState } from '../../preload/contract/fleet.ts'
import { useActions } from '../panels/actions.ts'
import { hostName } from '../panels/host-name.ts'
import { panels } from '../panels/index.ts'
import type { PanelProps } from '../panels/panel.ts'
import { useSay } from '../panels/say.ts'
import { IconButton } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { HostSwitch } from './host-switch.tsx'
import { StatusLine } from './status-line.tsx'
import { Trouble } from './trouble.tsx'

const Question = lazy(async () => ({ default: (await import('./question.tsx')).Question }))
const FirstRun = lazy(async () => ({ default: (await import('./first-run.tsx')).FirstRun }))

interface PopoverViewProps {
  fleet: Pick<FleetState, 'hosts' | 'jobs'>
  selectedId: string | null
  settings: PanelProps['settings']
  /** Nothing is configured: offer what can be. */
  isFirstRun: boolean
  /** The window around it has corners and a material of the system's own. */
  isOnMaterial?: boolean
}

/** The popover, from a state alone. What a person sets off goes through {@link useActions}. */
export function PopoverView(props: PopoverViewProps) {
  const { fleet, selectedId, settings, isFirstRun, isOnMaterial = false } = props
  const say = useSay()
  const actions = useActions()
  useShortcuts()
  const { hosts, jobs } = fleet
  const ground = isOnMaterial ? 'bg-material' : 'rounded-popover bg-bg'
  const selected = hosts.find(({ id }) => id === selectedId) ?? hosts[0]
  if (selected === undefined) return <div className={classNames(shellClass, ground)} />
  return (
    <Tabs.Root
      value={selected.id}
      onValueChange={(id: string) => actions.selectHost(id)}
      className={classNames(shellClass, ground)}
      render={<main />}
    >
      <header className="flex items-center gap-2">
        {hosts.length > 1 && <h1 className="sr-only">{hostName(selected, say)}</h1>}
        <HostSwitch hosts={hosts} selected={selected} onSelect={(id) => actions.selectHost(id)} />
        <IconButton
          label={say('popover.settings')}
          icon={<Settings2 aria-hidden="true" className="size-4" />}
          onClick={() => void actions.openWindow('settings').catch(() => undefined)}
        />
      </header>
      <Tabs.Panel
        key={selected.id}
        value={selected.id}
        tabIndex={-1}
        className="grid grid-cols-1 gap-2 outline-none"
      >
        <StatusLine host={selected} />
        <HostBody host={selected} {...{ jobs, settings }} />
        {isFirstRun && (
          <Suspense fallback={null}>
            <FirstRun />
          </Suspense>
        )}
      </Tabs.Panel>
    </Tabs.Root>
  )
}

const shellClass = 'grid w-[380px] content-start grid-cols-1 gap-2 p-2.5 text-base text-text'

/** Drawn anew only when its own Host changes: what is in sight of another one is its dot in the switch. */
const HostBody = memo(function HostBody({ host, jobs, settings }: PanelProps) {
  const { state, question } = host.link
  if (question !== null)
    return (
      <Suspense fallback={null}>
        <Question id={host.id} name={host.name} question={question} />
      </Suspense>
    )
  const isKnown = host.memoryBar !== null
  const isDimmed = state !== 'live'
  return (
    <>
      {state === 'unreachable' && <Trouble host={host} />}
      {(isKnown || state !== 'unreachable') && (
        <div className={classNames('grid grid-cols-1 gap-2', isDimmed && 'dimmed')}>
          {panels
            .filter((panel) => panel.isShown(host))
            .map(({ id, Body }) => (
              <Body key={id} {...{ host, jobs, settings }} />
            ))}
        </div>
      )}
    </>
  )
})

/** Esc closes, unless it closes a menu or a dialog first; ⌘, opens the settings. */
function useShortcuts() {
  const actions = useActions()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && document.querySelector('[role=menu],[role=dialog]') === null)
        void actions.closePopover().catch(() => undefined)
      if (event.key === ',' && (event.metaKey || event.ctrlKey)) {
        event.preventDefault()
        void actions.openWindow('settings').catch(() => undefined)
      }
    }
    document.addEventListener('keydown', onKey, { capture: true })
    return () => document.removeEventListener('keydown', onKey, { capture: true })
  }, [actions])
}
