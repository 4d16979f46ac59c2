import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatSettings } from '../../../main/core/settings.ts'
import { parseRecording } from '../../../main/hosts/recording/recording.ts'
import { plainHost } from '../../../preload/contract/plain-host.ts'
import { defaultSettings, type SshHostConfig } from '../../../preload/contract/settings.ts'
import type { MacSshServer } from '../../support/mac-ssh-server.ts'

/** What a played Mac answers: that of the demo Studio. */
export const macRecording = parseRecording(
  readFileSync(join(import.meta.dirname, '../../../resources/demo/mac-studio.json'), 'utf8'),
)

/** A home folder whose one Host is the Mac, "Studio upstairs"; its key is known. The caller removes it. */
export function createMacHome(mac: MacSshServer, host: Partial<SshHostConfig> = {}): string {
  const homeDir = mkdtempSync(join(tmpdir(), 'studiolo-'))
  const settingsDir = join(homeDir, '.config/studiolo')
  mkdirSync(join(homeDir, '.ssh'), { mode: 0o700 })
  mkdirSync(settingsDir, { recursive: true })
  writeFileSync(join(homeDir, '.ssh/known_hosts'), `[127.0.0.1]:${mac.port} ${mac.hostKey}\n`)
  const studio: SshHostConfig = {
    ...{ ...plainHost, kind: 'ssh', id: 'studio', name: 'Studio upstairs' },
    ...{ target: '127.0.0.1', port: mac.port, account: mac.account, ...host },
  }
  writeFileSync(
    join(settingsDir, 'settings.json'),
    formatSettings({ ...defaultSettings, language: 'en', hosts: [studio] }),
  )
  return homeDir
}
