import { basename, extname } from 'node:path'
import Conf from 'conf'
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
      open: () => new Conf({ ...confOptions(path), configName: basename(path, extname(path)) }),
      ...lock,
    }),
  )
}
