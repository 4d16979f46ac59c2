import { formatSettings } from '../../main/core/settings.ts'
import type { SettingsBacking } from '../../main/core/settings-store.ts'

export interface MemoryFile {
  text: string | null
  /** What was kept aside, by path. */
  backups: Map<string, string>
  /** Writes as another face would. */
  write(text: string | null): void
}

/** A settings file in memory, shared by all backings made of it. */
export function createMemoryFile(text: string | null = null): MemoryFile & {
  backing(): SettingsBacking
} {
  const listeners = new Set<() => void>()
  const backups = new Map<string, string>()
  let line: Promise<unknown> = Promise.resolve()
  const file = {
    text,
    backups,
    write(next: string | null) {
      file.text = next
      for (const listener of listeners) listener()
    },
    backing: (): SettingsBacking => ({
      path: '/memory/settings.json',
      read: () => file.text,
      write: (settings) => file.write(formatSettings(settings)),
      keepAside() {
        const backupPath = `/memory/settings.json.backup-${backups.size + 1}`
        backups.set(backupPath, file.text ?? '')
        file.text = null
        return backupPath
      },
      lock(run) {
        const result = line.then(run)
        line = result.catch(() => {})
        return result
      },
      watch(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    }),
  }
  return file
}
