import { noRefusals } from '../../preload/contract/settings.ts'
import type { Desktop } from '../core/ports.ts'
import { openUrl } from './open-url.ts'

/** What a browser can do for the app: the page goes to its places by itself, and nothing belongs to the system. */
export function createBrowserDesktop({
  platform,
  env,
  systemLanguage,
}: {
  platform: NodeJS.Platform
  env: NodeJS.ProcessEnv
  systemLanguage: Desktop['systemLanguage']
}): Desktop {
  return {
    face: 'browser',
    electronVersion: null,
    systemLanguage,
    can: { startAtLogin: false, globalShortcut: false, menuBar: false, keychain: false },
    openUrl: (url) => openUrl(url, { platform, env }),
    async openWindow() {},
    closePopover() {},
    holdPopover() {},
    notify() {},
    apply() {},
    refusals: () => noRefusals,
  }
}

/**
 * The language that the environment asks for, in the order of POSIX.
 *
 * @example
 * languageOf({ LANG: 'zh_CN.UTF-8' }) // 'zh-CN'
 * languageOf({ LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }) // 'en'
 */
export function languageOf(env: Readonly<Record<string, string | undefined>>): 'en' | 'zh-CN' {
  const wanted = env.LC_ALL || env.LC_MESSAGES || env.LANG || ''
  return /^zh\b|^zh[_-]/i.test(wanted) ? 'zh-CN' : 'en'
}
