import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { startStudio } from '../real/support/studio.ts'
import { launchBrowser } from '../support/browser.ts'
import { measureCore } from './core.ts'
import { measureElectron } from './electron.ts'
import type { Figure } from './measure.ts'
import { measureSsh } from './ssh.ts'
import { markdownOf } from './table.ts'

/**
 * `npm run bench`: measures, prints a table, and writes docs/bench.md and docs/bench.json. Debian as root; needs the built
 * app and what install.sh beside this file installs. Takes about eight minutes; the machine should have nothing else to do.
 */
const root = join(import.meta.dirname, '../..')
execFileSync('bash', [join(import.meta.dirname, 'install.sh')], { stdio: 'inherit' })

const figures: Figure[] = []
const studio = await startStudio()
const browser = await launchBrowser()
try {
  console.error('SSH ...')
  figures.push(...(await measureSsh(studio)))
  console.error('core and page ...')
  figures.push(...(await measureCore(studio, browser)))
} finally {
  await browser.close()
  await studio.close()
}
console.error('Electron ...')
figures.push(...(await measureElectron()))

const machine = {
  at: new Date().toISOString(),
  processors: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
  memoryBytes: totalmem(),
  node: process.version,
}
const text = markdownOf(figures, machine)
console.log(text)
mkdirSync(join(root, 'docs'), { recursive: true })
writeFileSync(join(root, 'docs/bench.md'), text)
writeFileSync(join(root, 'docs/bench.json'), `${JSON.stringify({ machine, figures }, null, 2)}\n`)
