import type { Message } from '../../preload/contract/base.ts'
import type { Log } from '../core/ports.ts'

/** As much of Electron's globalShortcut as is needed. */
export interface ShortcutRegistry {
  /** False where another program has it. Throws where the text names no keys. */
  register(accelerator: string, onPress: () => void): boolean
  unregister(accelerator: string): void
}

/** The one shortcut that works in every program. */
export interface Shortcut {
  /** Tries again what could not be had before. */
  apply(wanted: string | null): void
  /** Why the one that is wanted does nothing. */
  problem(): Message | null
}

export function createShortcut(
  registry: ShortcutRegistry,
  onPress: () => void,
  log: Pick<Log, 'warn'>,
): Shortcut {
  let registered: string | null = null
  let problem: Message | null = null

  function register(wanted: string): Message | null {
    try {
      if (registry.register(wanted, onPress)) {
        registered = wanted
        return null
      }
      log.warn('desktop: the shortcut belongs to another program', { wanted })
      return { key: 'window.settings.shortcut-taken' }
    } catch {
      log.warn('desktop: not a shortcut', { wanted })
      return { key: 'window.settings.shortcut-invalid' }
    }
  }

  return {
    apply(wanted) {
      if (wanted !== null && wanted === registered) return
      if (registered !== null) registry.unregister(registered)
      registered = null
      problem = wanted === null ? null : register(wanted)
    },
    problem: () => problem,
  }
}
