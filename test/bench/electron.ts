import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { buildForOlderElectron } from '../../build/older/build.ts'
import { isOlder, versionOf } from '../../build/pack.ts'
import { freePort, Inspector } from '../electron/support/inspector.ts'
import { until } from '../support/until.ts'
import { type Figure, pause, proportionalBytesOfTree, quantile } from './measure.ts'
import { hiddenMs, watchShown } from './shown.ts'

const root = join(import.meta.dirname, '../..')
const roundCount = 20

/**
 * The menu-bar app with the demo Studio, in the Electron that STUDIOLO_ELECTRON names (see test/electron/support/setup.ts);
 * no figures where there is none.
 */
export async function measureElectron(): Promise<Figure[]> {
  const executablePath = process.env.STUDIOLO_ELECTRON
  if (executablePath === undefined || !existsSync(executablePath)) return []
  const distDir = process.env.STUDIOLO_ELECTRON_DIST ?? dirname(executablePath)
  const version = versionOf(distDir)
  const appDir = isOlder(version) ? join(root, 'out-electron22') : root
  if (isOlder(version)) {
    await buildForOlderElectron(appDir, join(dirname(executablePath), 'newer-globals.cjs'))
  }
  const display = await startDisplay()
  const home = mkdtempSync(join(tmpdir(), 'studiolo-bench-'))
  const port = await freePort()
  const app = spawn(
    executablePath,
    [`--inspect=${port}`, '--no-sandbox', appDir, '--demo', '--hidden'],
    {
      stdio: 'ignore',
      env: {
        ...{ PATH: process.env.PATH, DISPLAY: display.name, HOME: home, LANG: 'en_US.UTF-8' },
        ...{ XDG_CONFIG_HOME: join(home, 'config'), XDG_STATE_HOME: join(home, 'state') },
      },
    },
  )
  try {
    return await measure(app, port, `Electron ${version}, demo Studio`)
  } finally {
    app.kill('SIGKILL')
    display.close()
    await until(() => app.exitCode !== null || app.signalCode !== null)
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}

async function measure(app: ChildProcess, port: number, group: string): Promise<Figure[]> {
  const inspector = await until(() => connect(port), { withinMs: 30_000, everyMs: 200 })
  await until(async () => {
    await inspector.findByPrototype({ prototype: 'trayPrototype', found: 'trays' })
    return await inspector.evaluate('trays.length > 0')
  })
  const pid = app.pid ?? 0
  const click = "trays[0].emit('click', {}, trays[0].getBounds(), { x: 0, y: 0 })"
  const isOpen = () =>
    inspector.evaluate('electron.BrowserWindow.getAllWindows()[0]?.isVisible() ?? false')
  const setOpen = (wanted: boolean) =>
    until(
      async () => {
        if ((await isOpen()) === wanted) return true
        await inspector.evaluate(`${click}; 1`)
        return false
      },
      { everyMs: 500 },
    )
  /** A click, and the milliseconds to the last readings and to the first one taken after it, on screen. */
  const clickAndWatch = async (): Promise<[number, number]> =>
    (await inspector.evaluate(
      `(async () => {
        const start = Date.now()
        ${click}
        let window
        while ((window = electron.BrowserWindow.getAllWindows()[0]) === undefined)
          await new Promise((resolve) => setTimeout(resolve, 1))
        const watch = ${JSON.stringify(String(watchShown))}
        const shown = await window.webContents.executeJavaScript('(' + watch + ')(' + start + ')')
        return [shown.lastAt - start, shown.freshAt - start]
      })()`,
    )) as [number, number]

  await setOpen(true)
  await pause(5_000)
  const openBytes = proportionalBytesOfTree(pid)
  await destroyPage()
  await pause(10_000)
  const destroyedBytes = proportionalBytesOfTree(pid)
  const kept = await rounds(async () => {
    await setOpen(false)
    await pause(hiddenMs)
  })
  const destroyed = await rounds(destroyPage)
  await destroyPage()
  await pause(10_000)
  const afterwardsBytes = proportionalBytesOfTree(pid)
  inspector.close()

  /** Without a window manager the focus can be lost at once, which closes the popover: such a round does not count. */
  async function rounds(prepare: () => Promise<unknown>): Promise<[number, number][]> {
    const results: [number, number][] = []
    for (let tries = 0; results.length < roundCount && tries < roundCount * 2; tries++) {
      await setOpen(true)
      await pause(1_500)
      await prepare()
      const result = await clickAndWatch().catch(() => null)
      if (result !== null) results.push(result)
    }
    return results
  }
  async function destroyPage(): Promise<void> {
    await inspector.evaluate(
      'electron.BrowserWindow.getAllWindows().forEach((one) => one.destroy()); 1',
    )
    await pause(1_000)
  }
  const p95 = (what: string, values: number[], most: number): Figure => ({
    ...{
      group,
      what: `${what}, p95 of ${roundCount}`,
      value: quantile(values, 0.95),
      unit: 'ms',
      most,
    },
  })
  const bytes = (what: string, value: number): Figure => ({
    ...{ group, what: `memory of the whole process tree (PSS), ${what}`, value: value / 1e6 },
    ...{ unit: 'MB', most: null },
  })
  return [
    p95(
      'page kept: tray event to the last readings',
      kept.map(([last]) => last),
      150,
    ),
    p95(
      'page kept: tray event to the first reading taken after it',
      kept.map(([, next]) => next),
      1000,
    ),
    p95(
      'page destroyed: tray event to the last readings',
      destroyed.map(([last]) => last),
      600,
    ),
    p95(
      'page destroyed: tray event to the first reading taken after it',
      destroyed.map(([, next]) => next),
      1000,
    ),
    bytes('popover open', openBytes),
    bytes('page destroyed', destroyedBytes),
    bytes('page destroyed, after the openings above', afterwardsBytes),
  ]
}

/** In its first moments the program has no `require` for a debugger; one that came then never gets it. */
async function connect(port: number): Promise<Inspector | null> {
  const inspector = await Inspector.connect(port).catch(() => null)
  try {
    await inspector?.evaluate('globalThis.trayPrototype = electron.Tray.prototype; 1')
    return inspector
  } catch {
    inspector?.close()
    return null
  }
}

async function startDisplay(): Promise<{ name: string; close(): void }> {
  if (process.env.DISPLAY) return { name: process.env.DISPLAY, close() {} }
  const args = ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp']
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const lines = createInterface(server.stdio[3] as NodeJS.ReadableStream)
  const number = await new Promise<string>((resolve, reject) => {
    server.once('error', reject)
    lines.once('line', resolve)
  })
  return { name: `:${number}`, close: () => void server.kill() }
}
