import { useEffect, useRef, useSyncExternalStore } from 'react'
import type { HostToOpen } from '../../preload/contract/app.ts'

export type WindowPlace = 'hosts' | 'add-host' | 'connect' | 'settings' | 'about'
export type Place = 'popover' | WindowPlace

const windowPlaces: readonly WindowPlace[] = ['hosts', 'add-host', 'connect', 'settings', 'about']

/** `#window/settings` → `settings`, `#window/hosts?edit=studio` → `hosts`; anything else is the popover. */
export function placeOf(hash: string): Place {
  const [, name] = /^#window\/([^?]*)/.exec(hash) ?? []
  return windowPlaces.find((place) => place === name) ?? 'popover'
}

const waysToOpen: readonly HostToOpen['as'][] = ['edit', 'test', 'key']

/** `#window/hosts?edit=studio` → `{ id: 'studio', as: 'edit' }`; null where no Host is named. */
export function hostToOpenOf(hash: string): HostToOpen | null {
  const [, query] = /^#window\/hosts\?(.*)$/.exec(hash) ?? []
  const given = new URLSearchParams(query)
  const as = waysToOpen.find((way) => given.has(way))
  return as === undefined ? null : { id: given.get(as) ?? '', as }
}

function subscribe(listener: () => void) {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}

export function usePlace(): Place {
  return useSyncExternalStore(subscribe, () => placeOf(location.hash))
}

export function goTo(place: Place, host?: HostToOpen): void {
  const more = host === undefined ? '' : `?${host.as}=${encodeURIComponent(host.id)}`
  location.hash = place === 'popover' ? '#popover' : `#window/${place}${more}`
}

/** Calls `open` when the address names a Host, then takes it out of the address: the same can be asked for once more. */
export function useHostToOpen(open: (host: HostToOpen) => void): void {
  const latest = useRef(open)
  latest.current = open
  useEffect(() => {
    function look() {
      const host = hostToOpenOf(location.hash)
      if (host === null) return
      history.replaceState(history.state, '', '#window/hosts')
      latest.current(host)
    }
    look()
    return subscribe(look)
  }, [])
}
