import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { sshHostOf } from '../real/support/ssh.ts'
import { type Studio, startStudio } from '../real/support/studio.ts'
import { launchBrowser } from '../support/browser.ts'
import { measureCore, withApp } from './core.ts'
import { measureDoctor } from './doctor.ts'
import { measureElectron } from './electron.ts'
import { measureLink } from './link.ts'
import type { Figure } from './measure.ts'
import { measurePage } from './page.ts'
import { measureSsh } from './ssh.ts'
import { type Machine, markdownOf } from './table.ts'

/**
 * `npm run bench`: measures, prints a table, and writes docs/bench.md and docs/bench.json. Debian as root; needs the built
 * app and what install.sh beside this file installs. Takes about fifteen minutes; the machine should have nothing else to do.
 * `npm run bench -- page link` measures these parts only, and writes nothing; with `--write` first, after a change that concerns
 * them alone, their figures take the place of those before.
 */
const root = join(import.meta.dirname, '../..')
const isWritten = process.argv[2] === '--write' || process.argv.length === 2
const wanted = process.argv.slice(2).filter((word) => word !== '--write')
const withStudio: Readonly<
  Record<string, (studio: Studio, browser: Browser) => Promise<Figure[]>>
> = {
  ssh: measureSsh,
  core: measureCore,
  page: (studio, browser) => withApp(studio, 1, (app) => measurePage(browser, app)),
  link: (studio, browser) => withApp(studio, 1, (app) => measureLink(studio, browser, app)),
  doctor: (_studio, browser) => measureDoctor(browser),
}
const unknown = wanted.filter((name) => !(name in withStudio) && name !== 'electron')
if (unknown.length > 0) {
  throw new Error(`There is no ${unknown}; there are ${Object.keys(withStudio)},electron`)
}
execFileSync('bash', [join(import.meta.dirname, 'install.sh')], { stdio: 'inherit' })

const figures: Figure[] = []

/** Says each group as soon as it is measured: a run that breaks off has not been for nothing. */
async function add(name: string, measure: () => Promise<Figure[]>) {
  if (wanted.length > 0 && !wanted.includes(name)) return
  console.error(`${name} ...`)
  for (const figure of await measure()) {
    figures.push(figure)
    console.error(`  ${figure.what}: ${figure.value.toFixed(3)} ${figure.unit}`)
  }
}

const studio = await startStudio()
const browser = await launchBrowser()
try {
  // the key of the Studio is known, so that nobody is asked
  const host = sshHostOf(studio)
  await host.run(['true'])
  await host.close()
  for (const [name, measure] of Object.entries(withStudio)) {
    await add(name, () => measure(studio, browser))
  }
} finally {
  await browser.close()
  await studio.close()
}
await add('electron', measureElectron)

const machine: Machine = {
  at: new Date().toISOString(),
  processors: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
  memoryBytes: totalmem(),
  node: process.version,
}
console.log(markdownOf(figures, machine))
if (isWritten) {
  const jsonPath = join(root, 'docs/bench.json')
  const all = wanted.length === 0 ? figures : replacedIn(before(jsonPath), figures)
  writeFileSync(join(root, 'docs/bench.md'), markdownOf(all, machine))
  writeFileSync(jsonPath, `${JSON.stringify({ machine, figures: all }, null, 2)}\n`)
}

/** What was measured before, on a machine like this one: figures of two kinds of machine do not belong in one table. */
function before(jsonPath: string): Figure[] {
  const said: { machine: Machine; figures: Figure[] } = JSON.parse(readFileSync(jsonPath, 'utf8'))
  if (said.machine.processors !== machine.processors || said.machine.node !== machine.node) {
    throw new Error('The other parts were measured on another machine; run `npm run bench` whole')
  }
  return said.figures
}

/** Group by group, in the order of before. */
function replacedIn(old: readonly Figure[], fresh: readonly Figure[]): Figure[] {
  const groups = new Set([...old, ...fresh].map(({ group }) => group))
  return [...groups].flatMap((group) => {
    const own = fresh.filter((figure) => figure.group === group)
    return own.length > 0 ? own : old.filter((figure) => figure.group === group)
  })
}
