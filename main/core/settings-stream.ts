import type { SettingsState } from '../../preload/contract/settings.ts'
import { createBell } from './bell.ts'
import type { SettingsStore } from './ports.ts'

/** The settings now and after each change; a slow reader gets the latest of several. */
export async function* settingsNowAndLater(
  settings: Pick<SettingsStore, 'get' | 'onChange'>,
  signal?: AbortSignal,
): AsyncGenerator<SettingsState, void> {
  const bell = createBell()
  const unsubscribe = settings.onChange(bell.ring)
  signal?.addEventListener('abort', bell.ring)
  try {
    while (signal?.aborted !== true) {
      yield settings.get()
      await bell.heard()
    }
  } finally {
    unsubscribe()
    signal?.removeEventListener('abort', bell.ring)
  }
}
