import type { LoginItemSettings } from 'electron'
import type { Message } from '../../preload/contract/base.ts'

/** As much of Electron's app as is needed. */
export interface LoginItems {
  getLoginItemSettings(): Pick<LoginItemSettings, 'openAtLogin' | 'status'>
  setLoginItemSettings(settings: { openAtLogin: boolean }): void
}

/** Whether macOS opens the app at login. The person can change it in System Settings as well, and has the last word there. */
export interface LoginItem {
  apply(isWanted: boolean): void
  /** Where macOS does something else than was asked for last; asks it now. */
  problem(): Message | null
}

export function createLoginItem(items: LoginItems): LoginItem {
  let isWanted: boolean | null = null
  return {
    apply(wanted) {
      isWanted = wanted
      if (items.getLoginItemSettings().openAtLogin === wanted) return
      items.setLoginItemSettings({ openAtLogin: wanted })
    },
    problem() {
      const { openAtLogin, status } = items.getLoginItemSettings()
      if (isWanted === null || openAtLogin === isWanted) return null
      if (!isWanted) return { key: 'window.settings.login-still-on' }
      return status === 'requires-approval'
        ? { key: 'window.settings.login-not-allowed' }
        : { key: 'window.settings.login-refused' }
    },
  }
}
