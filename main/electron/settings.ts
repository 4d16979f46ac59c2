import { basename, extname } from 'node:path'
import ElectronStore from 'electron-store'
import type { SettingsStore } from '../core/ports.ts'
import { createSettingsStore } from '../core/settings-store.ts'
import { confOptions, createSettingsBacking } from '../node/settings-backing.ts'
import type { Rectangle } from './place.ts'

/** The settings file that all three faces share. */
export function openSettings(path: string): Promise<SettingsStore> {
  const name = basename(path, extname(path))
  return createSettingsStore(
    createSettingsBacking({
      path,
      now: Date.now,
      open: () => new ElectronStore({ ...confOptions(path), name }),
    }),
  )
}

/** Where the window stood; a matter of this app and this Mac alone, so it stays out of the shared file. */
export interface PlaceStore {
  get(): Rectangle | null
  set(place: Rectangle): void
}

export function openPlaceStore(): PlaceStore {
  const store = new ElectronStore<{ window?: Rectangle }>({
    name: 'window-place',
    clearInvalidConfig: true,
  })
  return {
    get: () => store.get('window') ?? null,
    set: (place) => store.set('window', place),
  }
}
