import { useSyncExternalStore } from 'react'

export type WindowPlace = 'hosts' | 'add-host' | 'settings' | 'about'
export type Place = 'popover' | WindowPlace

const windowPlaces: readonly WindowPlace[] = ['hosts', 'add-host', 'settings', 'about']

/** `#window/settings` → `settings`; anything else is the popover. */
export function placeOf(hash: string): Place {
  const name = hash.replace(/^#window\//, '')
  return windowPlaces.find((place) => hash !== name && place === name) ?? 'popover'
}

function subscribe(listener: () => void) {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}

export function usePlace(): Place {
  return useSyncExternalStore(subscribe, () => placeOf(location.hash))
}

export function goTo(place: Place): void {
  location.hash = place === 'popover' ? '#popover' : `#window/${place}`
}
