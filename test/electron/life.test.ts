import { statSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { PopoverPage } from '../e2e/pages/popover-page.ts'
import { WindowPage } from '../e2e/pages/window-page.ts'
import { until } from '../support/until.ts'
import { type From, Home, RunningApp, runBeside } from './support/app.ts'

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
    await page
      .getByLabel('简体中文')
      .or(page.getByRole('radio', { name: '简体中文' }))
      .first()
      .click()
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
    await app.clickTray()
    await until(async () => (await app.windows()).length === 0)
    const page = await app.openPopover()
    await new PopoverPage(page).room.waitFor()
  })

  it('redraws the icon only on change', async () => {
    const app = await start('--demo', '--hidden')
    await new PopoverPage(await app.openPopover()).room.waitFor()
    await app.electron.evaluate(({ Tray }) => {
      const calls: string[] = []
      Object.assign(globalThis, { calls })
      for (const name of ['setTitle', 'setImage', 'setToolTip', 'setContextMenu'] as const) {
        const real = Tray.prototype[name] as (...args: unknown[]) => void
        Tray.prototype[name] = function (...args: unknown[]) {
          calls.push(`${name} ${String(args[0])}`)
          real.apply(this, args)
        }
      }
    })
    const calls = () =>
      app.electron.evaluate(() => (globalThis as unknown as { calls: string[] }).calls)
    // ticks come every second and change the fleet's state; the room for models stays as it is
    const page = await app.page('popover')
    const shown = await page.locator('main').innerText()
    await until(async () => (await page.locator('main').innerText()) !== shown)
    expect((await calls()).filter((call) => !call.startsWith('setToolTip'))).toEqual(
      (await calls()).filter((call) => call.startsWith('setContextMenu')),
    )
    const settled = (await calls()).length
    writeFileSync(
      home.settingsPath,
      JSON.stringify({ ...home.settings(), isRoomShownInMenuBar: true }),
    )
    await until(async () => (await calls()).some((call) => /^setTitle \d+ GB$/.test(call)))
    expect(
      (await calls()).slice(settled).filter((call) => call.startsWith('setTitle')),
    ).toHaveLength(1)
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
