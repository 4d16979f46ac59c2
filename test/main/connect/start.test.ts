import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createConnectService } from '../../../main/connect/service.ts'
import { systemClock } from '../../../main/core/clock.ts'
import { createLocalHost } from '../../../main/hosts/local.ts'
import { defaultSettings } from '../../../preload/contract/settings.ts'
import { silentLog } from '../../support/silent-log.ts'
import { makeConfigHome, sshHostNamed } from '../../support/ssh-config-home.ts'
import { until } from '../../support/until.ts'

// A real program on a real machine. On a Mac the terminal would open its own window.
it.skipIf(process.platform === 'darwin')(
  'a terminal gets its words and a usual environment, and outlives what started it',
  async () => {
    const { homeDir } = makeConfigHome()
    const told = join(homeDir, 'told')
    const program = join(homeDir, 'x-terminal-emulator')
    writeFileSync(
      program,
      `#!/bin/sh\n{ printf '%s\\n' "$@"; env; echo $$; ps -o sid= -p $$; } > ${told}.part\nmv ${told}.part ${told}\n`,
    )
    chmodSync(program, 0o755)
    const env = { ...process.env, PATH: `${homeDir}:${process.env.PATH}`, LANG: 'de_DE.UTF-8' }
    const local = createLocalHost({
      id: 'this-machine',
      ...{ clock: systemClock, log: silentLog, env },
    })
    const service = createConnectService({
      ...{ local: () => local, host: () => local, homeDir, env, clock: systemClock },
      configOf: () => sshHostNamed('S', { target: "it's", account: 'ana' }),
      linkOf: () => undefined,
      runtimeOf: () => undefined,
      tailnet: () => null,
      settings: { get: () => ({ settings: defaultSettings, path: '', problem: null }) },
      tunnels: () => [],
      facts: async () => ({ osName: '', osVersion: '', addresses: [] }),
    })
    await service.open('studio', 'terminal')
    await until(() => existsSync(told))
    const lines = readFileSync(told, 'utf8').trim().split('\n')
    expect(lines.slice(0, 3)).toEqual(['-e', 'ssh', "ana@it's"])
    expect(lines).toContain('LANG=de_DE.UTF-8')
    expect(lines.filter((line) => /^(LC_ALL|TERM|TAILSCALE_BE_CLI)=/.test(line))).toEqual([])
    // the leader of a session of its own
    expect(Number(lines.at(-1))).toBe(Number(lines.at(-2)))
    await local.close()
  },
)
