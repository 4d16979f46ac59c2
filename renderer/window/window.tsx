import {
  ChevronLeft,
  Info,
  type LucideIcon,
  Server,
  Settings as SettingsIcon,
  Waypoints,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { useSay } from '../panels/say.ts'
import { SettingsProblem } from '../settings-problem.tsx'
import { goTo, type WindowPlace } from '../state/place.ts'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { About } from './about.tsx'
import { ConnectPlace } from './connect/connect-place.tsx'
import { HostsPlace } from './hosts/hosts-place.tsx'
import { SettingsPlace } from './settings-place.tsx'

const tabs: readonly { place: WindowPlace; icon: LucideIcon }[] = [
  { place: 'hosts', icon: Server },
  { place: 'connect', icon: Waypoints },
  { place: 'settings', icon: SettingsIcon },
  { place: 'about', icon: Info },
]

/** The one window: a toolbar of places, and the place. */
export function StudioloWindow({ place, isBrowser }: { place: WindowPlace; isBrowser: boolean }) {
  const say = useSay()
  const shown = place === 'add-host' ? 'hosts' : place
  return (
    <div className="isolate min-h-screen bg-bg">
      <header className="sticky top-0 z-10 bg-bg hairline-b">
        <div className="mx-auto grid max-w-[640px] grid-cols-[1fr_auto_1fr] items-center px-4 pt-2 pb-1.5">
          <div className="-ml-2">
            {isBrowser && (
              <Button kind="quiet" padding="tight" onClick={() => goTo('popover')}>
                <ChevronLeft size={16} className="-mr-1 -ml-1" aria-hidden="true" />
                {say('window.back')}
              </Button>
            )}
          </div>
          <nav aria-label={say('window.places')} className="flex gap-1">
            {tabs.map(({ place: tab, icon: Icon }) => (
              <a
                key={tab}
                href={`#window/${tab}`}
                aria-current={tab === shown ? 'page' : undefined}
                className={classNames(
                  'flex min-w-[72px] flex-col items-center gap-0.5 rounded-control px-2 py-1 text-small font-medium',
                  tab === shown ? 'bg-press text-accent-text' : 'text-soft hover:text-text',
                )}
              >
                <Icon size={20} strokeWidth={1.6} aria-hidden="true" />
                {say(`window.${tab}.title`)}
              </a>
            ))}
          </nav>
        </div>
      </header>
      <main className="mx-auto flex max-w-[640px] flex-col gap-4 px-4 py-5">
        {shown !== 'about' && <h1 className="sr-only">{say(`window.${shown}.title`)}</h1>}
        <SettingsProblem />
        {shown === 'hosts' && <HostsPlace isAdding={place === 'add-host'} />}
        {shown === 'connect' && <ConnectPlace />}
        {shown === 'settings' && <SettingsPlace />}
        {shown === 'about' && <About />}
      </main>
    </div>
  )
}

interface SectionProps {
  title: string
  /** One sentence that holds for all of it. */
  help?: string | undefined
  aside?: ReactNode
  children: ReactNode
}

/** A titled part of a place. */
export function Section({ title, help, aside, children }: SectionProps) {
  return (
    <section className="flex flex-col gap-2">
      <div className="flex items-center justify-between gap-2 px-1">
        <div>
          <h2 className="text-title font-semibold">{title}</h2>
          {help !== undefined && <p className="text-small text-soft">{help}</p>}
        </div>
        {aside}
      </div>
      {children}
    </section>
  )
}
