import { afterEach, beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest'
import { defaultSettings } from '../../preload/contract/settings.ts'
import { WindowPage } from '../e2e/pages/window-page.ts'
import { until } from '../support/until.ts'
import { Home, RunningApp } from './support/app.ts'
import { XKeyboard } from './support/x-keyboard.ts'

const keys = 'Control+Alt+Y'

describe('the shortcut', () => {
  const homes: Home[] = []
  const running: RunningApp[] = []
  let home: Home

  beforeEach(() => {
    home = newHome()
  })
  afterEach(async () => {
    for (const app of running.splice(0)) await app.close().catch(() => undefined)
    for (const one of homes.splice(0)) one.remove()
  })

  function newHome(): Home {
    const made = new Home()
    homes.push(made)
    return made
  }

  async function start(at: Home): Promise<RunningApp> {
    const app = await RunningApp.start('sources', at, ['--demo', '--hidden'])
    running.push(app)
    return app
  }

  async function openSettings(app: RunningApp) {
    await app.chooseInMenu(at(app).language === 'zh-CN' ? '设置…' : 'Settings…')
    return await app.page('window')
  }

  const at = (app: RunningApp) => app.home.settings()

  it.skipIf(!inject('hasOwnDisplay'))(
    'opens the popover from anywhere, and closes it',
    async () => {
      home.write({ ...defaultSettings, globalShortcut: keys })
      const app = await start(home)
      const keyboard = await XKeyboard.connect(process.env.DISPLAY ?? '')
      onTestFinished(() => keyboard.close())
      await until(
        async () => {
          if (await app.isPopoverOpen()) return true
          await keyboard.press(keys)
          return false
        },
        // without a window manager the focus can be lost at once, which closes the popover: a person would press again
        { everyMs: 500 },
      )
      await keyboard.press(keys)
      await until(async () => !(await app.isPopoverOpen()))
    },
  )

  it('is recorded in the window, and is Studiolo’s from then on', async () => {
    home.write(defaultSettings)
    const app = await start(home)
    const page = await openSettings(app)
    await page.getByRole('button', { name: 'Shortcut: None' }).click()
    await page.keyboard.press(keys)
    await until(() => at(app).globalShortcut === keys)
    expect(
      await app.electron.evaluate(
        ({ globalShortcut }, one) => globalShortcut.isRegistered(one),
        keys,
      ),
    ).toBe(true)
    expect(await page.getByRole('alert').count()).toBe(0)
  })

  it('says that another program has it, until that one gives it back', async () => {
    home.write({ ...defaultSettings, globalShortcut: keys })
    const first = await start(home)
    const other = newHome()
    other.write({ ...defaultSettings, globalShortcut: keys })
    const second = await start(other)
    const page = await openSettings(second)
    await page.getByRole('alert').filter({ hasText: 'Another program has these keys' }).waitFor()
    await new WindowPage(page).field('Language').selectOption('zh-CN')
    await page.getByRole('alert').filter({ hasText: '这组按键已被其他程序占用' }).waitFor()
    await first.close()
    await new WindowPage(page).field('语言').selectOption('en')
    await page.getByRole('button', { name: /^Shortcut: / }).waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
  })

  it('says that what the settings file names is no shortcut', async () => {
    home.write({ ...defaultSettings, globalShortcut: 'Hyper+Nothing' })
    const page = await openSettings(await start(home))
    await page.getByRole('alert').filter({ hasText: 'These keys cannot be a shortcut' }).waitFor()
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.getByRole('button', { name: 'Shortcut: None' }).waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
  })
})
