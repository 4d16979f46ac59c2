import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { settingsPath } from '../../main/core/settings.ts'
import { plainHost } from '../../preload/contract/plain-host.ts'
import { defaultSettings, type SshHostConfig } from '../../preload/contract/settings.ts'
import type { Studio } from '../real/support/studio.ts'

/** Writes a settings file with so many SSH hosts, all of them the Studio. */
export function writeHosts(homeDir: string, studio: Studio, count: number): void {
  const path = settingsPath({ platform: process.platform, env: {}, homeDir })
  const hosts = Array.from(
    { length: count },
    (_, index): SshHostConfig => ({
      ...plainHost,
      kind: 'ssh',
      id: `studio-${index}`,
      name: `Studio ${index}`,
      target: studio.address,
      account: studio.account.name,
      port: studio.port,
      keyPath: studio.keyPath,
    }),
  )
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, JSON.stringify({ ...defaultSettings, hosts }))
}
