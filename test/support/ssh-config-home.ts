import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { FileSystem } from '../../main/connect/ssh-config/files.ts'
import { createSshConfigService } from '../../main/connect/ssh-config/service.ts'
import type { TailnetView } from '../../main/connect/ssh-config/whereabouts.ts'
import type { SettingsStore } from '../../main/core/ports.ts'
import { formatSettings } from '../../main/core/settings.ts'
import { createSettingsStore } from '../../main/core/settings-store.ts'
import { plainHost } from '../../preload/contract/plain-host.ts'
import { defaultSettings, type SshHostConfig } from '../../preload/contract/settings.ts'
import { FakeClock } from './fake-clock.ts'
import { createMemoryFile } from './memory-settings.ts'
import { silentLog } from './silent-log.ts'

/** False where there is no ssh; says once what to install. */
export const hasSsh: boolean = spawnSync('ssh', ['-V']).error === undefined
if (!hasSsh) console.error('No ssh here: install openssh-client to run the tests of ~/.ssh/config.')

export const fixturesDir = join(import.meta.dirname, '../fixtures/ssh-config')

const { SSH_AUTH_SOCK: _, ...env } = process.env

/** A home folder with `.ssh`, removed after the test. */
export function makeConfigHome() {
  const homeDir = mkdtempSync(join(tmpdir(), 'studiolo-config-'))
  onTestFinished(() => rmSync(homeDir, { recursive: true, force: true }))
  const path = (name: string) => join(homeDir, '.ssh', name)
  mkdirSync(path(''), { mode: 0o700 })
  return {
    ...{ homeDir, path },
    write: (name: string, text: string | Buffer, mode = 0o600) =>
      writeFileSync(path(name), text, { mode }),
    read: (name: string) => readFileSync(path(name)),
    remove: (name: string) => rmSync(path(name), { force: true }),
    names: () => readdirSync(path('')).toSorted(),
    /** A recorded configuration, its `@HOME@` filled in. */
    fixture: (name: string) =>
      Buffer.from(
        readFileSync(join(fixturesDir, name), 'latin1').replaceAll('@HOME@', homeDir),
        'latin1',
      ),
    /** All that ssh would do for a name, sorted; throws what ssh complains of. */
    resolve: (name: string) =>
      execFileSync('ssh', ['-F', path('config'), '-G', name], {
        ...{ env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
      })
        .split('\n')
        .toSorted(),
  }
}

export function sshHostNamed(name: string, config: Partial<SshHostConfig> = {}): SshHostConfig {
  return { kind: 'ssh', id: name, name, target: '100.64.0.7', ...plainHost, ...config }
}

/** The service over a home, with settings in memory. */
export async function startSshConfig(
  homeDir: string,
  hosts: SshHostConfig[],
  options: { fs?: FileSystem; tailnet?: TailnetView } = {},
) {
  const file = createMemoryFile(formatSettings({ ...defaultSettings, hosts }))
  const settings: SettingsStore = await createSettingsStore(file.backing())
  if (settings.get().problem !== null) throw new Error(settings.get().problem?.detail)
  const clock = new FakeClock()
  const service = createSshConfigService({
    ...{ settings, homeDir, env, clock, log: silentLog },
    ...options,
  })
  return {
    ...{ service, settings, clock },
    setHosts: (next: SshHostConfig[]) => settings.update((now) => ({ ...now, hosts: next })),
    async include() {
      return service.include((await service.read()).revision)
    },
  }
}
