import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { fixtureNow } from '../support/fleet-fixtures.ts'
import { type StagedApp, startStagedApp } from '../support/staged-app.ts'
import { until } from '../support/until.ts'
import { stages } from '../support/window-stages.ts'
import { WindowPage } from './pages/window-page.ts'
import { violationsOf } from './support/axe.ts'
import { focusedName, tabTo } from './support/keyboard.ts'

type StageName = keyof typeof stages

/** What the dot before a row says. */
const markOf = (row: Locator) => row.getByRole('img').first().getAttribute('aria-label')

/** States of the window that a real machine shows only for a moment, or when something is broken. */
describe('the window, on a stage', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser?.close())

  async function open(app: StagedApp, hash: string, width = 680): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width, height: 640 },
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    const page = await context.newPage()
    await page.clock.setFixedTime(fixtureNow)
    await page.goto(app.link())
    await page.locator('main > *').first().waitFor()
    await page.evaluate((to) => {
      location.hash = to
    }, hash)
    await page.locator('nav [aria-current=page]').waitFor()
    return page
  }

  const places = Object.keys(stages).map((name) => ({
    name: name as StageName,
    hash: name === 'offer' ? '#window/hosts' : '#window/connect',
  }))

  it.each(places)(
    'has no accessibility violation, and nothing that is too wide or unsaid: $name',
    async ({ name, hash }) => {
      const found: unknown[] = []
      for (const language of ['en', 'zh-CN'] as const) {
        const { settings, ...stage } = stages[name]
        await using app = await startStagedApp({ ...stage, settings: { ...settings, language } })
        const page = await open(app, hash, 480)
        await page.locator('main section').first().waitFor()
        await page.waitForLoadState('networkidle')
        for (const look of [
          { colorScheme: 'light', contrast: 'no-preference' },
          { colorScheme: 'dark', contrast: 'no-preference' },
          { colorScheme: 'light', contrast: 'more' },
          { colorScheme: 'dark', contrast: 'more' },
        ] as const) {
          await page.emulateMedia(look)
          for (const violation of await violationsOf(page))
            found.push({ language, look, violation })
        }
        const text = (await page.locator('body').textContent()) ?? ''
        expect(text).not.toMatch(/\b(window|popover|error|link|job)\.[a-z-]+\.|\{\{/)
        const tooWide = await page.evaluate(
          () => document.documentElement.scrollWidth - window.innerWidth,
        )
        expect({ language, tooWide }).toEqual({ language, tooWide: 0 })
        await page.context().close()
      }
      expect(found).toEqual([])
    },
    120_000,
  )

  it('says that a Role does not suffice, and asks nothing of Tailscale', async () => {
    await using app = await startStagedApp(stages.guest)
    const page = await open(app, '#window/connect')
    await page.getByRole('button', { name: 'Disconnect…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click()
    await page.getByRole('alert').getByText('This account may not do that').waitFor()
    expect(app.calls).toEqual([])
  })

  it('disconnects after a question, and cancels a log-in that goes on', async () => {
    await using app = await startStagedApp(stages.connected)
    const page = await open(app, '#window/connect')
    await tabTo(page, 'Disconnect…')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await until(async () => (await focusedName(page)) === 'Disconnect…')
    expect(app.calls).toEqual([])
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click()
    await until(() => app.calls.includes('down'))

    await using other = await startStagedApp(stages['log-in'])
    const second = await open(other, '#window/connect')
    await second.getByRole('button', { name: 'Open the page' }).click()
    await second.getByRole('button', { name: 'Cancel' }).click()
    await until(() => other.calls.length === 2)
    expect(other.calls[0]).toContain('https://login.tailscale.com/a/')
    expect(other.calls[1]).toMatch(/^cancel /)
  })

  it('gives the command that ends a refusal of Tailscale, to copy', async () => {
    await using app = await startStagedApp(stages.stopped)
    const page = await open(app, '#window/connect')
    const alert = page.getByRole('alert').filter({ hasText: 'does not obey this account' })
    await alert.getByRole('button', { name: 'Copy' }).click()
    await alert.getByRole('button', { name: 'Copied' }).waitFor()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    expect(copied).toBe('sudo tailscale set --operator=$USER')
  })

  it('says of a Host how it is, and of other machines what Tailscale claims', async () => {
    await using app = await startStagedApp(stages.offline)
    const page = await open(app, '#window/connect')
    const place = new WindowPage(page)
    await page.getByRole('img', { name: 'Offline' }).first().waitFor()
    await page.getByText('does not reach its server').waitFor()
    expect(await markOf(place.peer('mac-studio'))).toBe('Unreachable')
    expect(await markOf(place.peer('render-01'))).toBe('Online, says Tailscale')
    expect(await markOf(place.peer('old-mac-mini'))).toBe('Offline')
  })

  it('closes a tunnel', async () => {
    await using app = await startStagedApp(stages.connected)
    const page = await open(app, '#window/connect')
    const place = new WindowPage(page)
    await place.button('Close the tunnel Ollama to Mac Studio').click()
    await until(async () => (await place.tunnels.getByRole('listitem').count()) === 1)
    expect(app.calls).toContain('close "t1"')
  })

  it('wakes a Host that may be asleep', async () => {
    await using app = await startStagedApp(stages.offer)
    const page = await open(app, '#window/hosts')
    await page.getByRole('button', { name: 'Wake Mac Studio' }).click()
    await page.getByText('Asked to wake.').waitFor()
    expect(app.calls).toEqual(['wake "studio"'])
  })

  it('goes from a refused login to a key of its own, by keyboard alone', async () => {
    await using app = await startStagedApp(stages['key-done'])
    const page = await open(app, '#window/hosts')
    await tabTo(page, 'Test Mac Studio')
    await page.keyboard.press('Enter')
    await until(async () => (await focusedName(page)) === 'Make a key and put it there')
    expect(await violationsOf(page)).toEqual([])
    await page.keyboard.press('Enter')
    await until(async () => (await focusedName(page)) === 'Use this key')
    expect(await violationsOf(page)).toEqual([])
    await page.keyboard.press('Enter')
    await until(() => app.settings().hosts[0]?.keyPath === '~/.ssh/id_ed25519')
    await page
      .getByRole('heading', { name: 'Mac Studio answers, but cannot be used yet' })
      .waitFor()
  })

  it('asks for the password of a set-up without offering to keep it', async () => {
    await using app = await startStagedApp(stages.offer)
    const page = await open(app, '#window/hosts')
    await new WindowPage(page).button('Test Mac Studio').click()
    await page.getByRole('button', { name: 'Make a key and put it there' }).click()
    // the dialog has taken back the focus of the button that is gone, and given it on
    await until(async () => (await focusedName(page)) === 'Password of ana@mac-studio')
    await page.keyboard.type('correct horse')
    expect(await page.getByRole('dialog').getByRole('switch').count()).toBe(0)
    expect(await violationsOf(page)).toEqual([])
    await page.keyboard.press('Enter')
    await until(() => app.calls.length === 1)
    expect(app.calls[0]).toContain('"isRemembered":false')
  })

  it('shows programs that are not on this machine, and lets nobody choose one', async () => {
    await using app = await startStagedApp(stages.connected)
    const page = await open(app, '#window/settings')
    const options = new WindowPage(page).field('Open a Studio in').locator('option')
    await until(async () => (await options.count()) === 5)
    expect(await options.allTextContents()).toEqual([
      ...['Cursor', 'VS Code', 'Terminal'],
      ...['Windsurf (not installed)', 'Ghostty (not installed)'],
    ])
    expect(await options.nth(3).isDisabled()).toBe(true)
    expect(await options.nth(1).isDisabled()).toBe(false)
  })
})
