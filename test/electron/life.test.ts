import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { defaultSettings } from '../../preload/contract/settings.ts'
import { PopoverPage } from '../e2e/pages/popover-page.ts'
import { WindowPage } from '../e2e/pages/window-page.ts'
import { until } from '../support/until.ts'
import { type From, Home, RunningApp, runBeside } from './support/app.ts'

type Draw = (what: string | Electron.Menu, ...more: unknown[]) => void

interface Drawn {
  [method: string]: string[]
  setTitle: string[]
  setToolTip: string[]
  setContextMenu: string[]
}

/** What outlasts a click: starts, restarts, time. */
describe.each<From>(['sources', 'packed'])('from start to end, %s', (from) => {
  let home: Home
  const running: RunningApp[] = []

  beforeEach(() => {
    home = new Home()
  })
  afterEach(async () => {
    for (const app of running.splice(0)) await app.close().catch(() => undefined)
    home.remove()
  })

  async function start(...args: string[]): Promise<RunningApp> {
    const app = await RunningApp.start(from, home, args)
    running.push(app)
    return app
  }

  it('shows the popover at the very first start, and only the icon at login', async () => {
    const first = await start()
    await until(() => first.isPopoverOpen())
    await (await first.page('popover')).getByText('Look at the demo Studio').waitFor()
    await first.close()
    const atLogin = await start('--hidden')
    expect(await atLogin.windows()).toEqual([])
  })

  it('opens the window when it is started once more', async () => {
    const app = await start('--demo', '--hidden')
    await app.startAgain()
    const page = await app.page('window')
    await until(async () => (await app.windows()).some(({ isVisible }) => isVisible))
    await page.getByRole('navigation').waitFor()
    expect(await app.windows()).toHaveLength(1)
    await app.startAgain()
    expect(await app.windows()).toHaveLength(1)
  })

  it('keeps settings and the place of the window over a restart', async () => {
    const first = await start('--demo', '--hidden')
    await first.startAgain()
    const page = await first.page('window')
    await new WindowPage(page).goTo('Settings')
    await page.getByLabel('Language').selectOption('zh-CN')
    await until(() => home.settings().language === 'zh-CN')
    expect(statSync(home.settingsPath).mode & 0o777).toBe(0o600)
    const place = { x: 40, y: 50, width: 900, height: 600 }
    await first.electron.evaluate(({ BrowserWindow }, bounds) => {
      const [window] = BrowserWindow.getAllWindows()
      window?.setBounds(bounds)
      window?.close()
    }, place)
    await first.close()

    const second = await start('--demo', '--hidden')
    await second.startAgain()
    const again = await second.page('window')
    await again.getByRole('navigation').getByText('设置').waitFor()
    expect((await second.windows())[0]?.bounds).toMatchObject({ width: 900, height: 600 })
  })

  it('destroys the closed popover after a while, and makes it anew with the next click', async () => {
    const app = await start('--demo', '--hidden', '--popover-kept-ms=300')
    await app.openPopover()
    await app.closePopover()
    await until(async () => (await app.windows()).length === 0)
    const page = await app.openPopover()
    await new PopoverPage(page).room.waitFor()
  })

  it('redraws the icon only on change', async () => {
    const app = await start('--demo', '--hidden')
    await app.electron.evaluate(() => {
      const [tray] = (globalThis as unknown as { trays: Record<string, Draw>[] }).trays
      if (tray === undefined) return
      const drawn: Drawn = { setTitle: [], setToolTip: [], setContextMenu: [] }
      Object.assign(globalThis, { drawn })
      for (const [name, calls] of Object.entries(drawn)) {
        const real = tray[name]
        tray[name] = function (what, ...more) {
          calls.push(typeof what === 'string' ? what : what.items.map(({ label }) => label).join())
          real?.call(this, what, ...more)
        }
      }
    })
    const drawn = () =>
      app.electron.evaluate(() => (globalThis as unknown as { drawn: Drawn }).drawn)
    const page = await app.openPopover()
    await new PopoverPage(page).room.waitFor()
    // each tick changes the page, and the fleet with it
    for (const _tick of [1, 2, 3]) {
      const shown = await page.locator('main').textContent()
      await until(async () => (await page.locator('main').textContent()) !== shown)
    }
    expect((await drawn()).setTitle).toEqual([])
    expect((await drawn()).setToolTip.at(-1)).toMatch(
      /^Mac Studio \(Demo\): room for \d+ GB of models$/,
    )

    const settings = { ...defaultSettings, isRoomShownInMenuBar: true }
    home.write(settings)
    await until(async () => /^Demo \d+ GB$/.test((await drawn()).setTitle.at(-1) ?? ''))
    for (const calls of Object.values(await drawn())) {
      expect(calls.filter((call, index) => call === calls[index - 1])).toEqual([])
    }
  })

  it('has a menu: copy diagnostics, settings, quit', async () => {
    const app = await start('--demo', '--hidden')
    await app.chooseInMenu('Copy Diagnostics')
    const copied = await until(
      () => app.electron.evaluate(({ clipboard }) => clipboard.readText()),
      { withinMs: 30_000 },
    )
    expect(JSON.parse(copied).format).toBe('studiolo-recording/1')
    await app.chooseInMenu('Settings…')
    await (await app.page('window')).getByLabel('Language').waitFor()
    const process = app.electron.process()
    await app.chooseInMenu('Quit')
    await until(() => process.exitCode !== null || process.signalCode !== null)
    expect([process.exitCode, process.signalCode]).toEqual([0, null])
  })

  it('names this machine in the person’s language before it was ever asked anything', async () => {
    home.write({ ...defaultSettings, language: 'zh-CN', isDemoShown: true })
    const app = await start('--hidden')
    await app.chooseInMenu('这台')
    await (await app.openPopover()).getByRole('tab', { name: /这台/, selected: true }).waitFor()
  })

  it('keeps a settings file of zeros aside, and says so in the page', async () => {
    const zeros = '\0'.repeat(512)
    home.writeText(zeros)
    const app = await start('--demo', '--hidden')
    const page = await app.openPopover()
    const backupName = await until(() =>
      readdirSync(dirname(home.settingsPath)).find((name) => name.includes('.backup-')),
    )
    await page.getByText(backupName).waitFor()
    expect(readFileSync(join(dirname(home.settingsPath), backupName), 'utf8')).toBe(zeros)
    await app.chooseInMenu('Settings…')
    await (await app.page('window')).getByLabel('Language').selectOption('zh-CN')
    await until(() => home.settings().language === 'zh-CN')
  })

  it('shows the machine that was chosen in the menu', async () => {
    home.write({ ...defaultSettings, isDemoShown: true })
    const app = await start('--hidden')
    await (await app.openPopover()).getByRole('tab', { name: /Demo/, selected: true }).waitFor()
    await app.chooseInMenu('This computer')
    const page = await app.openPopover()
    await page.getByRole('tab', { name: /This computer/, selected: true }).waitFor()
    expect(home.settings().selectedHostId).toBe('this-machine')
  })

  it('answers --cli without a window', async () => {
    const { executablePath } = from === 'packed' ? inject('packed') : inject('sources')
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    const dir = from === 'packed' ? [] : [inject('sources').appDir]
    const { stdout, exitCode } = await runBeside(executablePath, home, [
      ...sandbox,
      ...dir,
      ...['--cli', 'status', '--json'],
    ])
    const { host, readings } = JSON.parse(stdout)
    expect(host.kind).toBe('local')
    expect(readings.memory.value.totalBytes).toBeGreaterThan(1e8)
    expect(exitCode).toBe(0)
    const wrong = await runBeside(executablePath, home, [...sandbox, ...dir, '--cli', 'dance'])
    expect(wrong).toEqual({ stdout: '', exitCode: 64 })
  })
})
