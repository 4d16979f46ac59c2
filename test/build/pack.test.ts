import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** Packs with an Electron that has nothing but a version, which fails late enough for electron-builder to have hooked the process's end. */
const script = `
const { pack } = await import(${JSON.stringify(join(root, 'build/pack.ts'))})
const [projectDir, dir] = process.argv.slice(-2)
await pack({ projectDir, outputDir: dir, electronDist: dir }).catch(() => undefined)
process.exitCode = 3
`

test('who packs and fails later ends as a failure', () => {
  const dir = mkdtempSync(join(tmpdir(), 'studiolo-pack-'))
  writeFileSync(join(dir, 'version'), 'v45.0.0')
  const args = ['--input-type=module', '--eval', script, root, dir]
  expect(spawnSync(process.execPath, args, { stdio: 'ignore' }).status).toBe(3)
  rmSync(dir, { recursive: true, force: true })
})
