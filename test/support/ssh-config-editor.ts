/**
 * Includes or removes in a home, and kills itself before its n-th call of the file system: a process of the kill test. Arguments: home
 * folder, `include` or `remove`, n. Ends with 0 where it came through.
 */
import nodeFs from 'node:fs'
import type { FileSystem } from '../../main/connect/ssh-config/files.ts'
import { createSshConfigService } from '../../main/connect/ssh-config/service.ts'
import { systemClock } from '../../main/core/clock.ts'
import { formatSettings } from '../../main/core/settings.ts'
import { createSettingsStore } from '../../main/core/settings-store.ts'
import { plainHost } from '../../preload/contract/plain-host.ts'
import { defaultSettings } from '../../preload/contract/settings.ts'
import { createMemoryFile } from './memory-settings.ts'
import { silentLog } from './silent-log.ts'

const [homeDir = '', action = '', before = '0'] = process.argv.slice(2)

/** Those that leave a trace; what only looks cannot break anything. */
const writing = new Set([
  ...['fchmodSync', 'fchownSync', 'fsyncSync', 'mkdirSync', 'openSync', 'closeSync'],
  ...['renameSync', 'rmSync', 'writeSync'],
])
let calls = 0
const fs: FileSystem = new Proxy(nodeFs, {
  get(target, name: keyof FileSystem) {
    if (!writing.has(name)) return target[name]
    return (...args: unknown[]) => {
      calls++
      if (calls === Number(before)) {
        // half a write, as a full disk or a power cut would leave it
        if (name === 'writeSync') {
          const [file, bytes] = args as [number, Buffer]
          nodeFs.writeSync(file, bytes.subarray(0, bytes.length >> 1))
        }
        process.kill(process.pid, 'SIGKILL')
      }
      return Reflect.apply(target[name], target, args)
    }
  },
})

const host = {
  ...{ kind: 'ssh' as const, id: 'a', name: 'A', target: 'studio', ...plainHost },
  // its own alias: no ssh is asked, so that the process is quick
  alias: 'studio',
}
const settings = await createSettingsStore(
  createMemoryFile(formatSettings({ ...defaultSettings, hosts: [host] })).backing(),
)
const service = createSshConfigService({
  ...{ settings, homeDir, env: process.env, clock: systemClock, log: silentLog, fs },
})
if (action === 'include') await service.include((await service.read()).revision)
else await service.remove()
console.log(calls)
