import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ElectronApplication, _electron as electron, type Page } from 'playwright-core'
import { inject } from 'vitest'
import { until } from '../../support/until.ts'
import { freePort, Inspector } from './inspector.ts'

/** How the app is started: its folder by an Electron, or the packed program. */
export type From = 'sources' | 'packed'

/** An account of its own, as far as the app can tell. */
export class Home {
  readonly dir = mkdtempSync(join(tmpdir(), 'studiolo-electron-'))
  readonly settingsPath =
    process.platform === 'darwin'
      ? join(this.dir, 'Library/Application Support/Studiolo/settings.json')
      : join(this.dir, 'config/studiolo/settings.json')
  readonly env: Record<string, string>

  constructor() {
    const { PATH = '', DISPLAY = '' } = process.env
    this.env = {
      ...{ PATH, DISPLAY, LANG: 'en_US.UTF-8', HOME: this.dir },
      XDG_CONFIG_HOME: join(this.dir, 'config'),
      XDG_STATE_HOME: join(this.dir, 'state'),
      XDG_CACHE_HOME: join(this.dir, 'cache'),
    }
    mkdirSync(join(this.dir, 'config'))
  }

  settings(): Record<string, unknown> {
    return JSON.parse(readFileSync(this.settingsPath, 'utf8'))
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}

function program(from: From): { executablePath: string; args: string[] } {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  if (from === 'packed') return { ...inject('drivable'), args: sandbox }
  const { executablePath, appDir } = inject('sources')
  return { executablePath, args: [...sandbox, appDir] }
}

/** Starts the program a second time, beside one that runs or without a window, and waits for its end. */
export async function runBeside(executablePath: string, home: Home, args: readonly string[]) {
  const child = spawn(executablePath, args, { env: home.env, stdio: ['ignore', 'pipe', 'pipe'] })
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000)
  let stdout = ''
  child.stdout.on('data', (text) => (stdout += text))
  child.stderr.resume()
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve))
  clearTimeout(timer)
  return { stdout, exitCode }
}

/** The running app, by what a person can do with it. */
export class RunningApp {
  readonly electron: ElectronApplication
  readonly home: Home
  readonly #from: From

  private constructor(app: ElectronApplication, home: Home, from: From) {
    this.electron = app
    this.home = home
    this.#from = from
  }

  static async start(from: From, home: Home, args: readonly string[] = []): Promise<RunningApp> {
    const { executablePath, args: own } = program(from)
    const inspectPort = await freePort()
    const app = await electron.launch({
      executablePath,
      args: [...own, `--inspect=${inspectPort}`, ...args],
      env: home.env,
      timeout: 30_000,
    })
    await app.evaluate(({ Tray }) => {
      Object.assign(globalThis, { trayPrototype: Tray.prototype })
    })
    const inspector = await Inspector.connect(inspectPort)
    await until(async () => {
      await inspector.findByPrototype({ prototype: 'trayPrototype', found: 'trays' })
      return (await app.evaluate(() => (globalThis as unknown as Globals).trays.length)) > 0
    })
    inspector.close()
    return new RunningApp(app, home, from)
  }

  /** A left click on the icon. */
  async clickTray(): Promise<void> {
    await this.electron.evaluate(() => {
      const [tray] = (globalThis as unknown as Globals).trays
      tray?.emit('click', {}, tray.getBounds(), { x: 0, y: 0 })
    })
  }

  /** The page of the popover or of the window, once it is there. */
  async page(place: 'popover' | 'window'): Promise<Page> {
    return await until(async () =>
      this.electron.windows().find((page) => page.url().includes(`#${place}`)),
    )
  }

  /** Opens the popover, whatever it was before. */
  async openPopover(): Promise<Page> {
    if (!(await this.isPopoverOpen())) await this.clickTray()
    const page = await this.page('popover')
    await until(() => this.isPopoverOpen())
    return page
  }

  async isPopoverOpen(): Promise<boolean> {
    return (await this.windows()).some(
      ({ url, isVisible }) => isVisible && url.includes('#popover'),
    )
  }

  async windows() {
    return await this.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => ({
        url: window.webContents.getURL(),
        isVisible: window.isVisible(),
        bounds: window.getBounds(),
      })),
    )
  }

  /** Starts the same program once more, as a person does who does not see the icon. */
  async startAgain() {
    const { executablePath, args } = program(this.#from)
    return await runBeside(executablePath, this.home, args)
  }

  async close(): Promise<void> {
    await this.electron.close()
  }
}

interface Globals {
  trays: { emit(...args: unknown[]): void; getBounds(): object; isDestroyed(): boolean }[]
}
