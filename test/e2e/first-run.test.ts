import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { until } from '../support/until.ts'
import { PopoverPage } from './pages/popover-page.ts'
import { type App, startApp } from './support/app.ts'
import { violationsOf } from './support/axe.ts'
import { focusedName, tabTo } from './support/keyboard.ts'
import { writeRecordedTailscale } from './support/recorded-tailscale.ts'

/** With nothing configured, a real core, and a `tailscale` that prints a recorded status. */
describe('the first run beside a tailnet', () => {
  const homeDir = mkdtempSync(join(tmpdir(), 'studiolo-first-run-'))
  let app: App
  let browser: Browser
  let page: Page
  let popover: PopoverPage

  beforeAll(async () => {
    const env = writeRecordedTailscale(homeDir, ([mac, desk]) => {
      if (mac === undefined || desk === undefined) throw new Error('the recording has two peers')
      mac.DNSName = mac.DNSName.replace(/^[^.]+/, 'mac-studio')
      mac.OS = 'macOS'
      desk.DNSName = desk.DNSName.replace(/^[^.]+/, 'desk')
      desk.OS = 'windows'
    })
    ;[app, browser] = await Promise.all([startApp({ homeDir, env }), launchBrowser()])
    const context = await browser.newContext({ viewport: { width: 700, height: 1000 } })
    page = await context.newPage()
    popover = new PopoverPage(page)
    await page.goto(app.link)
  })
  afterAll(async () => {
    await browser?.close()
    await app?.close()
    rmSync(homeDir, { recursive: true, force: true })
  })

  const settings = () =>
    JSON.parse(readFileSync(join(homeDir, '.config/studiolo/settings.json'), 'utf8'))

  it('offers the machine that can be a Host, above the numbers of this one', async () => {
    await popover.add('mac-studio').waitFor({ timeout: 20_000 })
    expect(await popover.add('desk').count()).toBe(0)
    const [offered, numbers] = await Promise.all([
      popover.add('mac-studio').boundingBox(),
      popover.memory.boundingBox(),
    ])
    expect(offered?.y).toBeLessThan(numbers?.y ?? 0)
  })

  it('asks for the account there, with the one from here as a proposal, and adds it by one Enter', async () => {
    await tabTo(page, 'Add mac-studio')
    await page.keyboard.press('Enter')
    await until(async () => (await focusedName(page)) === 'Account on mac-studio')
    const field = page.getByLabel('Account on mac-studio')
    expect(await field.inputValue()).toBe(userInfo().username)
    expect(await violationsOf(page)).toEqual([])
    await page.keyboard.type('-oops')
    await page.keyboard.press('Enter')
    await page.getByText('does not begin with a dash').waitFor()
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type('ana')
    await page.keyboard.press('Enter')
    await popover.host('mac-studio').waitFor()
    expect(await popover.host('mac-studio').getAttribute('aria-selected')).toBe('true')
    expect(settings().hosts).toMatchObject([
      { name: 'mac-studio', account: 'ana', target: expect.stringMatching(/^100\./) },
    ])
  })
})
