import { spawnSync } from 'node:child_process'
import { chmodSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeConfigHome, sshHostNamed, startSshConfig } from '../support/ssh-config-home.ts'

const editor = join(import.meta.dirname, '../support/ssh-config-editor.ts')

/** In a process of its own, which kills itself before its n-th call that changes something. */
function edit(homeDir: string, action: 'include' | 'remove', killBefore = 0) {
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [editor, homeDir, action, String(killBefore)],
    { encoding: 'utf8', timeout: 20_000 },
  )
  if (signal !== 'SIGKILL' && status !== 0) throw new Error(stderr)
  return { isKilled: signal === 'SIGKILL', calls: Number(stdout) }
}

const original = '# mine\r\nHost nas\r\n  Port 2022'
const host = sshHostNamed('A', { target: 'studio', alias: 'studio' })

describe.each(['include', 'remove'] as const)(
  '~/.ssh/config, killed in the middle: %s',
  (action) => {
    it('is the old file or the new one, and the next run finds nothing in its way', async () => {
      const home = makeConfigHome()
      const included = `Include ${home.path('studiolo.config')}\r\n${original}`
      const [old, next] = action === 'include' ? [original, included] : [included, original]
      const prepare = async () => {
        for (const name of home.names()) home.remove(name)
        home.write('config', original)
        chmodSync(home.path('config'), 0o644)
        if (action === 'remove') await here('include')
      }
      /** The same without a process, where nothing is killed. */
      const here = async (what: typeof action) => {
        const { service, include } = await startSshConfig(home.homeDir, [host])
        await (what === 'include' ? include() : service.remove())
        service.close()
      }

      await prepare()
      const { calls } = edit(home.homeDir, action)
      expect(calls).toBeGreaterThan(action === 'include' ? 20 : 10)
      expect(home.read('config').toString()).toBe(next)

      const seen = new Set<string>()
      for (let step = 1; step <= calls; step++) {
        await prepare()
        expect([step, edit(home.homeDir, action, step).isKilled]).toEqual([step, true])
        const now = home.read('config').toString()
        expect([step, now === old || now === next]).toEqual([step, true])
        expect(statSync(home.path('config')).mode & 0o777).toBe(0o644)
        if (action === 'include' && now === included) {
          expect(home.read('studiolo.config').toString()).toContain('Host studio')
        }
        seen.add(now)

        await here(action)
        expect(home.read('config').toString()).toBe(next)
        expect(home.names().filter((name) => name.endsWith('.tmp'))).toEqual([])
        expect(home.names().includes('studiolo.config')).toBe(action === 'include')
      }
      expect(seen).toEqual(new Set([old, next]))
    }, 300_000)
  },
)
