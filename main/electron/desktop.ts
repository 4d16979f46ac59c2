import { app, globalShortcut, Notification, nativeTheme, shell } from 'electron'
import type { HostToOpen } from '../../preload/contract/app.ts'
import type { Message } from '../../preload/contract/base.ts'
import type { Settings } from '../../preload/contract/settings.ts'
import { errorInfo, StudioloError } from '../core/errors.ts'
import type { Desktop, Log } from '../core/ports.ts'
import { isOpenable, type WindowPlace } from './addresses.ts'
import { createLoginItem } from './login-item.ts'
import { createNotifier } from './notifications.ts'
import { createShortcut } from './shortcut.ts'

export interface DesktopOptions {
  systemLanguage: Desktop['systemLanguage']
  hasKeychain: boolean
  log: Log
  openWindow(place: WindowPlace, host?: HostToOpen): Promise<void>
  closePopover(): void
  holdPopover(isHeld: boolean): void
  togglePopover(): void
  showPopover(): void
  /** In the person's language. */
  say(message: Message): string
}

/** What macOS, and as far as it goes a Linux desktop, does for the core. */
export function createDesktop(options: DesktopOptions): Desktop {
  const { log, openWindow, closePopover, holdPopover } = options
  // an app that was not installed would start Electron itself at login
  const canStartAtLogin = process.platform === 'darwin' && app.isPackaged
  const loginItem = canStartAtLogin ? createLoginItem(app) : null
  const shortcut = createShortcut(globalShortcut, options.togglePopover, log)

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
    holdPopover,
    notify: createNotifier({
      isSupported: () => Notification.isSupported(),
      make: (shown) => new Notification(shown),
      say: options.say,
      open: options.showPopover,
    }),
    apply(settings: Settings) {
      nativeTheme.themeSource = settings.theme
      shortcut.apply(settings.globalShortcut)
      loginItem?.apply(settings.isStartedAtLogin)
    },
    refusals: () => ({
      globalShortcut: shortcut.problem(),
      isStartedAtLogin: loginItem?.problem() ?? null,
    }),
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
