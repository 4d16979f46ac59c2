import type { SettingsState, ShownSettings } from '../../preload/contract/settings.ts'
import type { Desktop, SettingsStore } from './ports.ts'
import type { Services } from './services.ts'
import { settingsNowAndLater } from './settings-stream.ts'

/** The settings for the page, each time with what the system makes of them. */
export function createSettingsService({
  settings,
  desktop,
}: {
  settings: SettingsStore
  desktop: Pick<Desktop, 'refusals'>
}): Services['settings'] {
  const shown = (state: SettingsState): ShownSettings => ({
    ...state,
    refusals: desktop.refusals(),
  })
  return {
    get: () => shown(settings.get()),
    async *watch(signal) {
      for await (const state of settingsNowAndLater(settings, signal)) yield shown(state)
    },
    update: async (patch) =>
      shown(await settings.update((now) => ({ ...now, ...withoutUndefined(patch) }))),
    dismissProblem: () => shown(settings.dismissProblem()),
  }
}

function withoutUndefined<Value extends object>(value: Value) {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [Key in keyof Value]?: Exclude<Value[Key], undefined>
  }
}
