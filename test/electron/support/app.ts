import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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

  /** Settings as another face writes them. */
  write(settings: object): void {
    this.writeText(JSON.stringify(settings))
  }

  writeText(text: string): void {
    mkdirSync(dirname(this.settingsPath), { recursive: true })
    writeFileSync(this.settingsPath, text)
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

/** The app with nothing but a debugger on its main process: its pages are as they are for a person. */
export class BareApp {
  readonly #inspector: Inspector
  readonly #end: () => Promise<void>

  private constructor(inspector: Inspector, end: () => Promise<void>) {
    this.#inspector = inspector
    this.#end = end
  }

  static async start(from: From, home: Home, args: readonly string[]): Promise<BareApp> {
    const { executablePath, args: own } = program(from)
    const port = await freePort()
    const debugging = [`--inspect=${port}`, '--remote-debugging-port=0']
    const child = spawn(executablePath, [...debugging, ...own, ...args], {
      env: home.env,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    // before this line the main process is Node's own affair, and has no `require` for a debugger that comes so early
    let told = ''
    child.stderr.on('data', (text) => {
      told = `${told}${text}`.slice(-5_000)
    })
    const isGone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    const end = async () => {
      child.kill()
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await isGone
      clearTimeout(timer)
    }
    try {
      await until(() => told.includes('DevTools listening'), { withinMs: 20_000 })
      const inspector = await Inspector.connect(port)
      await inspector.evaluate('globalThis.trayPrototype = electron.Tray.prototype; 0')
      await until(async () => {
        await inspector.findByPrototype({ prototype: 'trayPrototype', found: 'trays' })
        return await inspector.evaluate('trays.length > 0')
      })
      return new BareApp(inspector, end)
    } catch (error) {
      await end()
      throw error
    }
  }

  /** Runs an expression in the main process, where `electron` is Electron. */
  evaluate(expression: string): Promise<unknown> {
    return this.#inspector.evaluate(expression)
  }

  async clickTray(): Promise<void> {
    await this.evaluate("trays[0].emit('click', {}, trays[0].getBounds(), { x: 0, y: 0 })")
  }

  isPopoverOpen(): Promise<unknown> {
    return this.evaluate('electron.BrowserWindow.getAllWindows()[0]?.isVisible() ?? false')
  }

  /** Opens the popover with clicks on the icon; see {@link clickUntil}. */
  openPopover(): Promise<void> {
    return clickUntil(this, true)
  }

  /** Runs an expression in the popover's page. */
  inPopover(expression: string): Promise<unknown> {
    return this.evaluate(
      `electron.BrowserWindow.getAllWindows()[0].webContents.executeJavaScript(${JSON.stringify(expression)})`,
    )
  }

  async close(): Promise<void> {
    this.#inspector.close()
    await this.#end()
  }
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

  /** Chooses from the icon's menu, by the start of the item's words. */
  async chooseInMenu(words: string): Promise<void> {
    await until(() =>
      this.electron.evaluate((_electron, start) => {
        const [tray] = (globalThis as unknown as Globals).trays
        if (tray === undefined) return false
        // on Linux the icon is given its menu; elsewhere it is opened by a right click
        tray.setContextMenu = tray.popUpContextMenu = (menu) => {
          Object.assign(globalThis, { menu })
        }
        tray.emit('right-click')
        const { menu } = globalThis as unknown as { menu?: Electron.Menu }
        const item = menu?.items.find(({ label }) => label.startsWith(start))
        item?.click()
        return item !== undefined
      }, words),
    )
  }

  /** The page of the popover or of the window, once it is there. */
  async page(place: 'popover' | 'window'): Promise<Page> {
    return await until(async () =>
      this.electron.windows().find((page) => page.url().includes(`#${place}`)),
    )
  }

  /** Opens the popover with clicks on the icon, whatever it was before; see {@link clickUntil}. */
  async openPopover(): Promise<Page> {
    await clickUntil(this, true)
    return await this.page('popover')
  }

  /** Closes it in the same way. */
  async closePopover(): Promise<void> {
    await clickUntil(this, false)
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
  trays: {
    emit(...args: unknown[]): void
    getBounds(): object
    setContextMenu(menu: Electron.Menu): void
    popUpContextMenu(menu: Electron.Menu): void
  }[]
}

/** Without a window manager the focus can be lost at any time, which closes the popover: a person would click again. */
async function clickUntil(
  app: { isPopoverOpen(): Promise<unknown>; clickTray(): Promise<void> },
  isOpen: boolean,
): Promise<void> {
  await until(
    async () => {
      if ((await app.isPopoverOpen()) === isOpen) return true
      await app.clickTray()
      return false
    },
    { everyMs: 500 },
  )
}
