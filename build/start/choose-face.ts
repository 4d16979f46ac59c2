import type { Message } from '../../preload/contract/base.ts'

export interface Situation {
  /** `--browser`. */
  isBrowserWanted: boolean
  platform: NodeJS.Platform
  env: Readonly<Record<string, string | undefined>>
  /** Null where there is no such thing. */
  userId: number | null
}

/** Null where a window can be shown by Electron, else why it cannot. */
export function reasonForBrowser(situation: Situation): Message | null {
  const { isBrowserWanted, platform, env, userId } = situation
  if (isBrowserWanted) return { key: 'serve.browser-wanted' }
  if (platform === 'darwin') return null
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return { key: 'serve.browser-no-screen' }
  // Chromium's sandbox refuses root, and without its sandbox the app is not started
  if (userId === 0) return { key: 'serve.browser-root' }
  return null
}
