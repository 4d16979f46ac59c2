import { Info, type LucideIcon, Server, Settings as SettingsIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useSay } from '../panels/say.ts'
import { goTo, type WindowPlace } from '../state/place.ts'
import { useDismissProblem, useSettings } from '../state/settings.ts'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { Note } from '../ui/note.tsx'
import { About } from './about.tsx'
import { HostsPlace } from './hosts/hosts-place.tsx'
import { SettingsPlace } from './settings-place.tsx'

const tabs: readonly { place: WindowPlace; icon: LucideIcon }[] = [
  { place: 'hosts', icon: Server },
  { place: 'settings', icon: SettingsIcon },
  { place: 'about', icon: Info },
]

/** The one window: a toolbar of places, and the place. */
export function StudioloWindow({ place, isBrowser }: { place: WindowPlace; isBrowser: boolean }) {
  const say = useSay()
  const shown = place === 'add-host' ? 'hosts' : place
  return (
    <div className="min-h-screen bg-bg">
      <header className="sticky top-0 z-10 bg-bg hairline-b">
        <nav
          aria-label={say('window.places')}
          className="mx-auto flex max-w-[640px] items-stretch justify-center gap-1 px-4 pt-2 pb-1.5"
        >
          {tabs.map(({ place: tab, icon: Icon }) => (
            <a
              key={tab}
              href={`#window/${tab}`}
              aria-current={tab === shown ? 'page' : undefined}
              className={classNames(
                'flex min-w-[76px] flex-col items-center gap-0.5 rounded-control px-2 py-1 text-small font-medium',
                tab === shown ? 'bg-press text-accent-text' : 'text-soft hover:text-text',
              )}
            >
              <Icon size={20} strokeWidth={1.6} aria-hidden="true" />
              {say(`window.${tab}.title`)}
            </a>
          ))}
        </nav>
      </header>
      <main className="mx-auto flex max-w-[640px] flex-col gap-4 px-4 py-5">
        {shown === 'settings' && <h1 className="sr-only">{say('window.settings.title')}</h1>}
        {shown === 'hosts' && <h1 className="sr-only">{say('window.hosts.title')}</h1>}
        {isBrowser && (
          <div>
            <Button kind="quiet" size="small" onClick={() => goTo('popover')}>
              ‹ {say('window.back')}
            </Button>
          </div>
        )}
        <SettingsProblem />
        {shown === 'hosts' && <HostsPlace isAdding={place === 'add-host'} />}
        {shown === 'settings' && <SettingsPlace />}
        {shown === 'about' && <About />}
      </main>
    </div>
  )
}

/** A settings file that could not be read, or cannot be written, is said until the person has seen it. */
function SettingsProblem() {
  const say = useSay()
  const problem = useSettings()?.problem
  const dismiss = useDismissProblem()
  if (problem == null) return null
  return (
    <Note
      tone="warn"
      isAlert
      title={say('window.problem')}
      actions={<Button onClick={() => dismiss.mutate()}>{say('window.understood')}</Button>}
    >
      {say(problem.message)}
    </Note>
  )
}

/** A titled part of a place. */
export function Section({
  title,
  aside,
  children,
}: {
  title: string
  aside?: ReactNode
  children: ReactNode
}) {
  return (
    <section className="flex flex-col gap-2">
      <div className="flex items-center justify-between gap-2 px-1">
        <h2 className="text-title font-semibold">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
