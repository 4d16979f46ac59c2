import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createSettingsStore } from '../../main/core/settings-store.ts'
import { openSettings } from '../../main/node/settings.ts'
import { readText } from '../../main/node/settings-backing.ts'
import { createMemoryFile } from '../support/memory-settings.ts'
import { describeSettingsStore } from '../support/settings-contract.ts'

describeSettingsStore('in memory', () => {
  const file = createMemoryFile()
  return {
    open: () => createSettingsStore(file.backing()),
    read: () => file.text,
    write: (text) => file.write(text),
    backups: () => file.backups,
  }
})

describeSettingsStore('a file kept by conf', () => {
  const dir = mkdtempSync(join(tmpdir(), 'studiolo-settings-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const path = join(dir, 'settings.json')
  return {
    open: () => openSettings(path),
    read: () => readText(path),
    write: (text) => writeFileSync(path, text),
    backups: () =>
      new Map(
        readdirSync(dir)
          .filter((name) => name.startsWith('settings.json.backup-'))
          .map((name) => [join(dir, name), readFileSync(join(dir, name), 'utf8')]),
      ),
  }
})
