import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { type App, startApp } from '../e2e/support/app.ts'
import { processes } from '../real/support/far-side.ts'
import type { Studio } from '../real/support/studio.ts'
import { until } from '../support/until.ts'
import { cpuSecondsOfTree, type Figure, median, pause, residentBytes } from './measure.ts'
import { type Other, startOthers } from './others.ts'
import { writeHosts } from './settings.ts'

const windowMs = 60_000

/** The core in the browser host: start, memory, CPU with the popover open and closed, and with twenty hosts. */
export async function measureCore(studio: Studio, browser: Browser): Promise<Figure[]> {
  return [
    ...(await measureStart()),
    ...(await measureOne(studio, browser)),
    ...(await measureTwenty(studio, browser)),
  ]
}

async function measureStart(): Promise<Figure[]> {
  const group = 'Core'
  const starts: number[] = []
  for (let round = 0; round < 7; round++) {
    const start = performance.now()
    const app = await startApp()
    starts.push(performance.now() - start)
    await app.close()
  }
  const what = 'start of the process to listening, median of 7'
  return [{ group, what, value: median(starts), unit: 'ms', most: null }]
}

async function measureOne(studio: Studio, browser: Browser): Promise<Figure[]> {
  return withApp(studio, 1, async (app, pid) => {
    const page = await browser.newPage()
    await page.goto(app.link)
    await page
      .getByRole('status')
      .filter({ hasText: 'Studio 0: Live' })
      .waitFor({ state: 'attached' })
    const others = await startOthers()
    const open = await cpuInWindow(pid, others)
    const openBytes = residentBytes(pid)
    for (const other of others) other.close()
    await page.close()
    await pause(5_000)
    const closed = await cpuInWindow(pid, [])
    const closedBytes = residentBytes(pid)
    const glances = open.others.get('glances') ?? Number.NaN
    const exporter = open.others.get('prometheus-node-exporter') ?? Number.NaN
    const group = 'Core, one local and one SSH host'
    return [
      {
        group,
        what: 'memory (RSS) after 60 s, popover open',
        value: openBytes / 1e6,
        unit: 'MB',
        most: 80,
      },
      {
        group,
        what: 'memory (RSS) after 60 s more, popover closed',
        value: closedBytes / 1e6,
        unit: 'MB',
        most: 80,
      },
      {
        group,
        what: 'CPU, popover open, a tick a second',
        value: open.own,
        unit: 's/min',
        most: null,
      },
      {
        group,
        what: 'CPU of glances 4.5.8, asked once a second',
        value: glances,
        unit: 's/min',
        most: null,
      },
      {
        group,
        what: 'CPU of prometheus-node-exporter, asked once a second',
        value: exporter,
        unit: 's/min',
        most: null,
      },
      { group, what: 'open against glances', value: open.own / glances, unit: 'times', most: 0.2 },
      {
        group,
        what: 'CPU, popover closed, share of a core',
        value: (closed.own / 60) * 100,
        unit: '%',
        most: 0.2,
      },
    ]
  })
}

/** CPU seconds a minute of the app, and of others that are asked once a second meanwhile. */
async function cpuInWindow(
  pid: number,
  others: readonly Other[],
): Promise<{ own: number; others: Map<string, number> }> {
  const spent = () => [pid, ...others.map((other) => other.pid)].map(cpuSecondsOfTree)
  const before = spent()
  const end = performance.now() + windowMs
  while (performance.now() < end) {
    const next = performance.now() + 1000
    await Promise.all(others.map((other) => other.scrape()))
    await pause(Math.max(0, next - performance.now()))
  }
  const [own = 0, ...rest] = spent().map((seconds, index) => seconds - (before[index] ?? 0))
  return { own, others: new Map(others.map(({ name }, index) => [name, rest[index] ?? 0])) }
}

async function measureTwenty(studio: Studio, browser: Browser): Promise<Figure[]> {
  const [one, many] = [await settled(studio, browser, 1), await settled(studio, browser, 21)]
  const group = 'Core, twenty further SSH hosts, popover open'
  return [
    {
      group,
      what: 'memory for each further host',
      value: (many.bytes - one.bytes) / 20 / 1e6,
      unit: 'MB',
      most: 2,
    },
    {
      group,
      what: 'CPU for each further host',
      value: (many.cpu - one.cpu) / 20,
      unit: 's/min',
      most: null,
    },
  ]
}

/** Memory and CPU of an app with so many SSH hosts, all live, after it has come to rest. */
async function settled(
  studio: Studio,
  browser: Browser,
  count: number,
): Promise<{ bytes: number; cpu: number }> {
  return withApp(studio, count, async (app, pid) => {
    const page = await browser.newPage()
    await page.goto(app.link)
    await page
      .getByRole('status')
      .filter({ hasText: 'Studio 0: Live' })
      .waitFor({ state: 'attached' })
    await until(() => sessionsOf(studio) >= count, { withinMs: 60_000, everyMs: 100 })
    await pause(15_000)
    const before = cpuSecondsOfTree(pid)
    const sizes: number[] = []
    for (let second = 0; second < 30; second++) {
      await pause(1000)
      sizes.push(residentBytes(pid))
    }
    const cpu = (cpuSecondsOfTree(pid) - before) * 2
    await page.close()
    return { bytes: median(sizes), cpu }
  })
}

const sessionsOf = (studio: Studio) =>
  processes().filter(
    ({ name, userId }) => name.startsWith('sshd') && userId === studio.account.userId,
  ).length

/** The browser host, in a home folder with so many SSH hosts, all of them the Studio. */
export async function withApp<T>(
  studio: Studio,
  hostCount: number,
  use: (app: App, pid: number) => Promise<T>,
): Promise<T> {
  const homeDir = mkdtempSync(join(tmpdir(), 'studiolo-bench-'))
  mkdirSync(join(homeDir, '.ssh'), { mode: 0o700 })
  cpSync(join(studio.clientHome, '.ssh/known_hosts'), join(homeDir, '.ssh/known_hosts'))
  writeHosts(homeDir, studio, hostCount)
  const app = await startApp({ homeDir })
  try {
    return await use(app, pidOf())
  } finally {
    await app.close()
    rmSync(homeDir, { recursive: true, force: true })
  }
}

/** The one browser host that this process started. */
export function pidOf(): number {
  const found = processes().find(
    ({ parentPid, args }) =>
      parentPid === process.pid && args.some((arg) => arg.endsWith('out/main/serve.js')),
  )
  if (found === undefined) throw new Error('the browser host is not running')
  return found.pid
}
