import { Tabs } from '@base-ui/react/tabs'
import { Settings2 } from 'lucide-react'
import { lazy, memo, Suspense, useEffect } from 'react'
import type { Alert } from '../../preload/contract/alerts.ts'
import type { FleetState, HostState } from '../../preload/contract/fleet.ts'
import { hostName } from '../../preload/words/host-name.ts'
import { speakOfMore } from '../i18n.ts'
import { useActions } from '../panels/actions.ts'
import { innermostLeave } from '../panels/escape.ts'
import { panels } from '../panels/index.ts'
import { OpenDoctorContext } from '../panels/open-doctor.ts'
import type { PanelProps } from '../panels/panel.ts'
import { useSay } from '../panels/say.ts'
import { IconButton } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { mostSevereFirst } from './alert-order.ts'
import { Alerts } from './alerts.tsx'
import { FirstRunPlaceholder } from './first-run-placeholder.tsx'
import { HostSwitch } from './host-switch.tsx'
import { KeyOfferSlot } from './key-offer-slot.tsx'
import { StatusLine } from './status-line.tsx'
import { useSteadyAlerts } from './steady-alerts.ts'
import { TailnetCard } from './tailnet-card.tsx'
import { type TailnetTrouble, tailnetAlertOf, tailnetTroubleOf } from './tailnet-trouble.ts'
import { Trouble } from './trouble.tsx'
import { useDoctorPlace } from './use-doctor-place.ts'

const Question = lazy(async () => ({ default: (await import('./question.tsx')).Question }))
const FirstRun = lazy(async () => ({ default: (await import('./first-run.tsx')).FirstRun }))
const Doctor = lazy(async () => {
  const [{ Doctor }] = await Promise.all([import('./doctor/doctor.tsx'), speakOfMore()])
  return { default: Doctor }
})

interface PopoverViewProps {
  fleet: Pick<FleetState, 'hosts' | 'jobs' | 'alerts' | 'tunnels'>
  selectedId: string | null
  settings: PanelProps['settings']
  /** Nothing is configured: offer what can be. */
  isFirstRun: boolean
  /** The window around it has corners and a material of the system's own. */
  isOnMaterial?: boolean
}

/** The popover, from a state alone. What a person sets off goes through {@link useActions}. */
export function PopoverView(props: PopoverViewProps) {
  const { fleet, selectedId, isOnMaterial = false } = props
  useShortcuts()
  const { hosts } = fleet
  const ground = isOnMaterial ? 'bg-material' : 'rounded-popover bg-bg'
  const className = classNames(shellClass, ground)
  const selected = hosts.find(({ id }) => id === selectedId) ?? hosts[0]
  if (selected === undefined) return <div className={className} />
  return <Shell {...props} selected={selected} className={className} />
}

function Shell(props: PopoverViewProps & { selected: HostState; className: string }) {
  const { fleet, settings, isFirstRun, selected, className } = props
  const say = useSay()
  const actions = useActions()
  const doctor = useDoctorPlace()
  const { hosts, jobs, tunnels } = fleet
  const tailnetTrouble = tailnetTroubleOf(selected, hosts)
  const tailnetAlert = tailnetAlertOf(tailnetTrouble, selected, fleet.alerts)
  const alerts = fleet.alerts.filter(
    (alert) => alert !== tailnetAlert && !isSaidBelow(alert, selected),
  )
  const [news] = mostSevereFirst(alerts)
  const steady = useSteadyAlerts(alerts, selected.id)
  const selectHost = (id: string) => {
    doctor.leave()
    actions.selectHost(id)
  }
  const isDoctorShown = doctor.call?.hostId === selected.id
  return (
    <OpenDoctorContext value={doctor.open}>
      <Tabs.Root
        value={selected.id}
        onValueChange={selectHost}
        className={className}
        render={<main />}
        {...steady.handlers}
      >
        <header className="flex items-center gap-2">
          {hosts.length > 1 && <h1 className="sr-only">{hostName(selected, say)}</h1>}
          <HostSwitch hosts={hosts} selected={selected} onSelect={selectHost} />
          <IconButton
            label={say('popover.settings')}
            icon={<Settings2 aria-hidden="true" className="size-4" />}
            onClick={() => void actions.openWindow('settings').catch(() => undefined)}
          />
        </header>
        {/* Said at once, also of one that is not shown yet. */}
        <p role="status" className="sr-only">
          {news !== undefined && say(news.title)}
        </p>
        <Alerts alerts={steady.shown} {...{ jobs, hosts }} />
        <Tabs.Panel
          key={selected.id}
          value={selected.id}
          tabIndex={-1}
          className="grid grid-cols-1 gap-2 outline-none"
        >
          {isFirstRun && (
            <Suspense fallback={<FirstRunPlaceholder />}>
              <FirstRun account={selected.account} />
            </Suspense>
          )}
          <StatusLine host={selected} isNamed={isFirstRun} />
          {isDoctorShown && (
            <Suspense fallback={null}>
              <Doctor
                host={selected}
                cause={doctor.call?.cause ?? null}
                here={hosts.find(({ kind }) => kind === 'local')}
                jobs={jobs}
                onClose={doctor.close}
              />
            </Suspense>
          )}
          {/* Kept while the doctor is there, so that nothing in it is lost and the focus can come back. */}
          <div hidden={isDoctorShown} className="grid grid-cols-1 gap-2">
            <HostBody
              host={selected}
              {...{ tailnetTrouble, tailnetAlert, jobs, tunnels, settings }}
            />
          </div>
        </Tabs.Panel>
      </Tabs.Root>
    </OpenDoctorContext>
  )
}

/** What the Host's own place says already is not said over it. */
function isSaidBelow({ action, hostId }: Alert, { id, link }: HostState): boolean {
  return action === 'doctor' && hostId === id && link.state === 'unreachable'
}

const shellClass = 'grid w-[380px] content-start grid-cols-1 gap-2 p-2.5 text-base text-text'

interface HostBodyProps extends PanelProps {
  /** Why this machine's own Tailscale does not carry the connection. */
  tailnetTrouble: TailnetTrouble
  /** The alert that says the same. */
  tailnetAlert: Alert | null
}

/** Drawn anew only when its own Host changes: what is in sight of another one is its dot in the switch. */
const HostBody = memo(function HostBody(props: HostBodyProps) {
  const { host, tailnetTrouble, tailnetAlert, ...rest } = props
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
      <KeyOfferSlot host={host} />
      {state === 'unreachable' &&
        (tailnetTrouble === null ? (
          <Trouble host={host} />
        ) : (
          <TailnetCard host={host} trouble={tailnetTrouble} jobs={rest.jobs} alert={tailnetAlert} />
        ))}
      {(isKnown || state !== 'unreachable') && (
        <div className={classNames('grid grid-cols-1 gap-2', isDimmed && 'dimmed')}>
          {panels
            .filter((panel) => panel.isShown(host))
            .map(({ id, Body }) => (
              <Body key={id} host={host} {...rest} />
            ))}
        </div>
      )}
    </>
  )
})

/** Esc closes, unless there is a menu, a dialog or a place inside to leave first; ⌘, opens the settings. */
function useShortcuts() {
  const actions = useActions()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && document.querySelector('[role=menu],[role=dialog]') === null) {
        const leave = innermostLeave()
        if (leave === undefined) void actions.closePopover().catch(() => undefined)
        else leave()
      }
      if (event.key === ',' && (event.metaKey || event.ctrlKey)) {
        event.preventDefault()
        void actions.openWindow('settings').catch(() => undefined)
      }
    }
    document.addEventListener('keydown', onKey, { capture: true })
    return () => document.removeEventListener('keydown', onKey, { capture: true })
  }, [actions])
}
