import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page, WebSocketRoute } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { until } from '../support/until.ts'
import { PopoverPage } from './pages/popover-page.ts'
import { WindowPage } from './pages/window-page.ts'
import { type App, startApp } from './support/app.ts'
import { violationsOf } from './support/axe.ts'
import { focusedName, tabTo } from './support/keyboard.ts'

const sshConfig = `Host mac-studio
  User ana

Host studio-berlin
  HostName studio-berlin.example.net
`

const places = ['hosts', 'add-host', 'connect', 'settings', 'about'] as const

/** The places of the window, with two machines in `~/.ssh/config`. */
describe('the window', () => {
  const homeDir = mkdtempSync(join(tmpdir(), 'studiolo-window-'))
  let app: App
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let place: WindowPage

  beforeAll(async () => {
    mkdirSync(join(homeDir, '.ssh'), { mode: 0o700 })
    writeFileSync(join(homeDir, '.ssh/config'), sshConfig)
    const binDir = join(homeDir, 'bin')
    mkdirSync(binDir)
    writeFileSync(join(binDir, 'code'), '#!/bin/sh\n', { mode: 0o755 })
    const env = { PATH: `${binDir}:${process.env.PATH}` }
    ;[app, browser] = await Promise.all([startApp({ homeDir, env }), launchBrowser()])
    context = await browser.newContext({
      viewport: { width: 680, height: 640 },
      reducedMotion: 'reduce',
    })
    page = await context.newPage()
    place = new WindowPage(page)
    await page.goto(app.link)
    await new PopoverPage(page).bar.waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await app?.close()
    rmSync(homeDir, { recursive: true, force: true })
  })

  async function show(name: (typeof places)[number]) {
    await page.evaluate((hash) => {
      location.hash = hash
    }, `#window/${name}`)
    await page.locator('nav [aria-current=page]').waitFor()
    if (name === 'add-host') await page.getByRole('list').getByText('mac-studio').waitFor()
  }

  async function speak(language: 'en' | 'zh-CN') {
    await show('settings')
    await page.locator('select').first().selectOption(language)
    await until(async () => (await page.evaluate('document.documentElement.lang')) === language)
  }

  describe.each(['en', 'zh-CN'] as const)('in %s', (language) => {
    beforeAll(() => speak(language))
    afterAll(() => speak('en'))

    it.each([
      { colorScheme: 'light', contrast: 'no-preference' },
      { colorScheme: 'dark', contrast: 'no-preference' },
      { colorScheme: 'light', contrast: 'more' },
      { colorScheme: 'dark', contrast: 'more' },
    ] as const)(
      'has no accessibility violation in $colorScheme, contrast $contrast',
      async (look) => {
        await page.emulateMedia(look)
        const found: Record<string, unknown> = {}
        for (const name of places) {
          await show(name)
          const violations = await violationsOf(page)
          if (violations.length > 0) found[name] = violations
        }
        await page.emulateMedia({ colorScheme: 'light', contrast: 'no-preference' })
        expect(found).toEqual({})
      },
      120_000,
    )

    it('says every word, and nothing is wider than a small window', async () => {
      await page.setViewportSize({ width: 480, height: 640 })
      for (const name of places) {
        await show(name)
        const text = (await page.locator('body').textContent()) ?? ''
        expect(text).not.toMatch(/\b(window|popover|error|link)\.[a-z-]+/)
        expect(text).not.toContain('{{')
        const tooWide = await page.evaluate(
          () => document.documentElement.scrollWidth - window.innerWidth,
        )
        expect({ name, tooWide }).toEqual({ name, tooWide: 0 })
      }
      await page.setViewportSize({ width: 680, height: 640 })
    })
  })

  it('is used with the keyboard alone: a host is added, kept after a second thought, and removed', async () => {
    await show('hosts')
    await tabTo(page, 'Add a Studio…')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Use mac-studio')
    await page.keyboard.press('Enter')
    await until(async () => (await place.field('Address').inputValue()) === 'mac-studio')
    await tabTo(page, 'Name')
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type('Upstairs')
    await page.keyboard.press('Enter')
    await place.host('Upstairs').waitFor()

    await tabTo(page, 'Remove Upstairs')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    await until(() => dialog.evaluate((element) => element.contains(document.activeElement)))
    expect(await violationsOf(page)).toEqual([])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await place.host('Upstairs').waitFor()
    await until(async () => (await focusedName(page)) === 'Remove Upstairs')

    await page.keyboard.press('Enter')
    await dialog.waitFor()
    await tabTo(page, 'Remove')
    await page.keyboard.press('Enter')
    await page.getByText('No Studio yet').waitFor()
  })

  it('changes a host, and refuses what a host cannot be', async () => {
    await show('add-host')
    await place.field('Address').fill('studio-berlin')
    await place.button('Add').click()
    await place.button('Edit studio-berlin').click()
    await place.field('Address').fill('-oProxyCommand=touch /tmp/x')
    await place.button('Save').click()
    await page.getByText('An address has no spaces and does not begin with a dash.').waitFor()
    expect(await place.field('Address').getAttribute('aria-invalid')).toBe('true')
    expect(await place.field('Address').evaluate((input) => input === document.activeElement)).toBe(
      true,
    )
    await place.field('Name').fill('n'.repeat(81))
    await place.field('Address').fill('studio-berlin')
    await place.button('Save').click()
    await page.getByText('This is too long.').waitFor()
    await place.field('Name').fill('studio-berlin')
    await place.field('Address').fill('studio-berlin')
    await place.field('Port').fill('2222')
    await place.button('Save').click()
    await place.host('studio-berlin:2222').waitFor()
    await page.reload()
    await place.host('studio-berlin:2222').waitFor()
  })

  it('says what only the menu-bar app can do', async () => {
    await show('settings')
    await page.getByText('Only in the menu-bar app').first().waitFor()
    expect(await page.getByRole('switch', { name: 'Open at login' }).isDisabled()).toBe(true)
  })

  it('keeps settings over a reload, in the file that every face reads', async () => {
    await show('settings')
    await place.field('While open').selectOption('2000')
    // the programs are looked for first
    await place.field('Open a Studio in').locator('option').nth(2).waitFor({ state: 'attached' })
    await place.field('Open a Studio in').selectOption('vscode')
    const file = join(homeDir, '.config/studiolo/settings.json')
    const saved = await until(() => {
      const settings = JSON.parse(readFileSync(file, 'utf8'))
      return settings.preferredToolId === 'vscode' ? settings : null
    })
    expect(saved).toMatchObject({ openEveryMs: 2000, preferredToolId: 'vscode' })
    await page.reload()
    await until(async () => (await place.field('While open').inputValue()) === '2000')
    expect(await place.field('Open a Studio in').inputValue()).toBe('vscode')
  })

  it.each([
    { locale: 'en-GB', words: 'Press Enter in the terminal' },
    { locale: 'zh-CN', words: '请在运行 Studiolo 的终端里按回车键' },
  ])(
    'opens nothing with a link that was used, and says how to get a fresh one, in $locale',
    async (told) => {
      const other = await browser.newContext({ locale: told.locale, reducedMotion: 'reduce' })
      const stranger = await other.newPage()
      await stranger.goto(app.link)
      await stranger.getByRole('alert').getByText(told.words).waitFor()
      expect(await violationsOf(stranger)).toEqual([])
      await other.close()
    },
  )

  it('follows what another page changes', async () => {
    // A page opened from this one goes on in its session.
    const [other] = await Promise.all([
      page.waitForEvent('popup'),
      page.evaluate(() => window.open('/#window/settings')),
    ])
    await show('settings')
    await other.getByRole('radio', { name: 'Dark' }).click()
    await until(() => page.evaluate(() => document.documentElement.dataset.theme === 'dark'))
    await place.field('Language').selectOption('zh-CN')
    await other.getByText('语言').first().waitFor()
    await other.close()
    await speak('en')
  })
})

it.each([
  {
    language: 'en',
    locale: 'C.UTF-8',
    words: 'The settings could not be read',
    seen: 'OK',
  },
  { language: 'zh-CN', locale: 'zh_CN.UTF-8', words: '设置无法读取', seen: '好' },
])('says that the settings file was broken, and keeps it aside, in $language', async (told) => {
  const homeDir = mkdtempSync(join(tmpdir(), 'studiolo-broken-'))
  const settingsDir = join(homeDir, '.config/studiolo')
  mkdirSync(settingsDir, { recursive: true })
  writeFileSync(join(settingsDir, 'settings.json'), Buffer.alloc(512))
  const env = { LANG: told.locale }
  const [app, browser] = await Promise.all([startApp({ homeDir, env }), launchBrowser()])
  try {
    const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage()
    await page.goto(app.link)
    const alert = page.getByRole('alert').filter({ hasText: told.words })
    await alert.waitFor()
    expect(await violationsOf(page)).toEqual([])
    const kept = readdirSync(settingsDir).filter((name) => name !== 'settings.json')
    expect(kept.map((name) => readFileSync(join(settingsDir, name)).length)).toContain(512)
    await alert.getByRole('button', { name: told.seen }).click()
    await alert.waitFor({ state: 'detached' })
  } finally {
    await browser.close()
    await app.close()
    rmSync(homeDir, { recursive: true, force: true })
  }
})

it('says that the connection is lost when Studiolo ends, and keeps the last numbers', async () => {
  const [app, browser] = await Promise.all([startApp(), launchBrowser()])
  try {
    const page = await (await browser.newContext()).newPage()
    await page.goto(app.link)
    const popover = new PopoverPage(page)
    await popover.bar.waitFor()
    await app.close()
    await page.getByRole('status').getByText('The connection to Studiolo is lost').waitFor()
    expect(await popover.barText()).toMatch(/^Memory, \d/)
    expect(await violationsOf(page)).toEqual([])
  } finally {
    await browser.close()
    await app.close()
  }
})

it('is live again when the connection is back, and follows a fresh link after a restart', async () => {
  const [app, browser] = await Promise.all([startApp(), launchBrowser()])
  try {
    const page = await (await browser.newContext()).newPage()
    const sockets: WebSocketRoute[] = []
    await page.routeWebSocket('**/ws', (socket) => {
      socket.connectToServer()
      sockets.push(socket)
    })
    await page.goto(app.link)
    const popover = new PopoverPage(page)
    await popover.bar.waitFor()
    await sockets[0]?.close({ code: 1001 })
    await until(() => sockets.length === 2)
    const shown = await page.locator('main').textContent()
    await until(async () => (await page.locator('main').textContent()) !== shown)
    expect(await page.getByText('The connection to Studiolo is lost').count()).toBe(0)

    await app.restart()
    await page.goto(app.link)
    await popover.bar.waitFor()
  } finally {
    await browser.close()
    await app.close()
  }
})

it('comes up although the connection is lost with its first calls', async () => {
  const [app, browser] = await Promise.all([startApp(), launchBrowser()])
  try {
    const page = await (await browser.newContext()).newPage()
    let socketCount = 0
    await page.routeWebSocket('**/ws', (socket) => {
      const server = socket.connectToServer()
      socketCount += 1
      if (socketCount > 1) return
      let saidCount = 0
      socket.onMessage((message) => {
        saidCount += 1
        // the first is the page's hello, the next are its questions
        if (saidCount === 1) server.send(message)
        else socket.close({ code: 1001 })
      })
    })
    await page.goto(app.link)
    await new PopoverPage(page).bar.waitFor()
    expect(socketCount).toBe(2)
  } finally {
    await browser.close()
    await app.close()
  }
})

it('is used with the keyboard alone: from the first start to the demo Studio, the settings and back', async () => {
  const [app, browser] = await Promise.all([startApp(), launchBrowser()])
  try {
    const page = await (await browser.newContext()).newPage()
    await page.goto(app.link)
    const popover = new PopoverPage(page)
    await page.getByText('Look at the demo Studio').waitFor()
    await until(async () => {
      await page.keyboard.press('Tab')
      return (await focusedName(page)).startsWith('Look at the demo Studio')
    })
    await page.keyboard.press('Enter')
    await popover.model('deepseek-v3').waitFor()
    await tabTo(page, 'Settings')
    await page.keyboard.press('Enter')
    await page.getByRole('radio', { name: 'Light' }).waitFor()
    await tabTo(page, 'Auto')
    await page.keyboard.press('ArrowRight')
    await until(() => page.evaluate(() => document.documentElement.dataset.theme === 'light'))
    await tabTo(page, 'Show the demo Studio')
    await page.keyboard.press('Space')
    await until(
      async () => !(await page.getByRole('switch', { name: 'Show the demo Studio' }).isChecked()),
    )
    await tabTo(page, 'Back')
    await page.keyboard.press('Enter')
    await page.getByText('Look at the demo Studio').waitFor()
  } finally {
    await browser.close()
    await app.close()
  }
})
