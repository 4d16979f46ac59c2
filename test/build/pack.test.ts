import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('who packs and fails later ends as a failure', () => {
  const dir = mkdtempSync(join(tmpdir(), 'studiolo-pack-'))
  writeFileSync(join(dir, 'version'), 'v45.0.0')
  const script = `
    const { pack } = await import(${JSON.stringify(join(import.meta.dirname, '../../build/pack.ts'))})
    const [dir] = process.argv.slice(-1)
    await pack({ projectDir: dir, outputDir: dir, electronDist: dir }).catch(() => undefined)
    process.exitCode = 3`
  const args = ['--input-type=module', '--eval', script, dir]
  expect(spawnSync(process.execPath, args, { stdio: 'ignore' }).status).toBe(3)
  rmSync(dir, { recursive: true, force: true })
})
