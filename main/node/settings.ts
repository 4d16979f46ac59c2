import { basename, extname } from 'node:path'
import type { SettingsStore } from '../core/ports.ts'
import { createSettingsStore } from '../core/settings-store.ts'
import type { FileLockOptions } from './file-lock.ts'
import { confOptions, createSettingsBacking } from './settings-backing.ts'

/** The settings file outside Electron. */
export function openSettings(
  path: string,
  now: () => number = Date.now,
  lock: FileLockOptions = {},
): Promise<SettingsStore> {
  return createSettingsStore(
    createSettingsBacking({
      path,
      now,
      async open() {
        const { default: Conf } = await import('conf')
        return new Conf({ ...confOptions(path), configName: basename(path, extname(path)) })
      },
      ...lock,
    }),
  )
}
