import { lazy, Suspense, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { connection } from './client.ts'
import { speak, speakOfMore } from './i18n.ts'
import { ActionsContext } from './panels/actions.ts'
import { useSay } from './panels/say.ts'
import { PopoverPlace } from './popover/popover-place.tsx'
import { startFleet } from './state/fleet.ts'
import { createPageActions } from './state/page-actions.ts'
import { usePlace } from './state/place.ts'
import { useAbout, useRefreshSettings, useSettings } from './state/settings.ts'
import { useTheme } from './state/theme.ts'
import { Note } from './ui/note.tsx'

const StudioloWindow = lazy(async () => {
  const [{ StudioloWindow }] = await Promise.all([import('./window/window.tsx'), speakOfMore()])
  return { default: StudioloWindow }
})

/** The whole page: the popover, or a place of the window. */
export function Page() {
  const state = useSyncExternalStore(connection.onState, connection.state)
  const say = useSay()
  const settings = useSettings()
  const about = useAbout()
  const place = usePlace()
  const isSpoken = useLanguage(settings?.settings.language, about?.systemLanguage)
  const refresh = useRefreshSettings()
  const latest = useRef(settings)
  latest.current = settings
  useTheme(settings?.settings.theme)
  const isReady = settings !== undefined && about !== undefined && isSpoken

  useEffect(() => {
    if (isReady) startFleet(latest.current?.settings.selectedHostId ?? null)
  }, [isReady])

  const isBrowser = window.studiolo === undefined
  const canKeepSecrets = about?.can.keychain ?? false
  const actions = useMemo(
    () =>
      createPageActions({
        isBrowser,
        canKeepSecrets,
        onSettingsChanged: refresh,
      }),
    [isBrowser, canKeepSecrets, refresh],
  )

  if (state === 'refused') {
    return (
      <main className="min-h-screen bg-backdrop px-4 py-10">
        <div className="mx-auto max-w-[380px]">
          <Note isAlert title={<h1>{say('page.connection.refused.title')}</h1>}>
            {say('page.connection.refused.text')}
          </Note>
        </div>
      </main>
    )
  }
  return (
    <ActionsContext value={actions}>
      {state === 'lost' && (
        <div
          role="status"
          className="fixed bottom-4 left-1/2 z-20 w-max max-w-[calc(100vw-32px)] -translate-x-1/2 rounded-control bg-warn-wash px-3 py-1.5 text-center text-button text-warn-text shadow-float"
        >
          {say('page.connection.lost')}
        </div>
      )}
      {isReady &&
        (place === 'popover' ? (
          <PopoverPlace isBrowser={isBrowser} />
        ) : (
          <Suspense>
            <StudioloWindow place={place} isBrowser={isBrowser} />
          </Suspense>
        ))}
    </ActionsContext>
  )
}

/** Speaks the chosen language; false until its words are there for the first time. */
function useLanguage(
  chosen: 'system' | 'en' | 'zh-CN' | undefined,
  system: 'en' | 'zh-CN' | undefined,
): boolean {
  const [isSpoken, setSpoken] = useState(false)
  const language = chosen === 'system' ? system : chosen
  useEffect(() => {
    if (language === undefined) return
    void speak(language).then(() => setSpoken(true))
  }, [language])
  return isSpoken
}
