import { app, globalShortcut, nativeTheme, shell } from 'electron'
import type { Settings } from '../../preload/contract/settings.ts'
import { errorInfo, StudioloError } from '../core/errors.ts'
import type { Desktop, Log } from '../core/ports.ts'
import { isOpenable, type WindowPlace } from './addresses.ts'

export interface DesktopOptions {
  systemLanguage: Desktop['systemLanguage']
  hasKeychain: boolean
  log: Log
  openWindow(place: WindowPlace): Promise<void>
  closePopover(): void
  togglePopover(): void
}

/** What macOS, and as far as it goes a Linux desktop, does for the core. */
export function createDesktop(options: DesktopOptions): Desktop {
  const { log, openWindow, closePopover } = options
  // an app that was not installed would start Electron itself at login
  const canStartAtLogin = process.platform === 'darwin' && app.isPackaged
  let shortcut: string | null = null

  function applyShortcut(wanted: string | null) {
    if (wanted === shortcut) return
    if (shortcut !== null) globalShortcut.unregister(shortcut)
    shortcut = null
    if (wanted === null) return
    try {
      if (globalShortcut.register(wanted, options.togglePopover)) shortcut = wanted
      else log.warn('desktop: the shortcut belongs to another program', { wanted })
    } catch {
      log.warn('desktop: not a shortcut', { wanted })
    }
  }

  function applyLogin(isWanted: boolean) {
    if (!canStartAtLogin || app.getLoginItemSettings().openAtLogin === isWanted) return
    app.setLoginItemSettings({ openAtLogin: isWanted })
  }

  return {
    face: 'electron',
    electronVersion: process.versions.electron ?? null,
    systemLanguage: options.systemLanguage,
    can: {
      startAtLogin: canStartAtLogin,
      globalShortcut: true,
      menuBar: true,
      keychain: options.hasKeychain,
    },
    async openUrl(url) {
      if (!isOpenable(url)) throw new StudioloError(errorInfo('invalid-input'))
      await shell.openExternal(url)
    },
    openWindow,
    closePopover,
    apply(settings: Settings) {
      nativeTheme.themeSource = settings.theme
      applyShortcut(settings.globalShortcut)
      applyLogin(settings.isStartedAtLogin)
    },
  }
}

/**
 * The first language of the system that the app speaks.
 *
 * @example
 * pickLanguage(['fr-CH', 'zh-Hans-CN', 'en-GB']) // 'zh-CN'
 */
export function pickLanguage(tags: readonly string[]): Desktop['systemLanguage'] {
  const known = tags.find((tag) => /^(en|zh)\b/i.test(tag)) ?? 'en'
  return known.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}
