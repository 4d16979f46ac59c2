import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { PopoverPage } from './pages/popover-page.ts'
import { type App, startApp } from './support/app.ts'
import { focusedName, tabTo } from './support/keyboard.ts'

const names = Array.from({ length: 14 }, (_, at) => `studio-${at + 1}`)

describe('with fourteen machines in ~/.ssh/config', () => {
  const homeDir = mkdtempSync(join(tmpdir(), 'studiolo-suggestions-'))
  let app: App
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    mkdirSync(join(homeDir, '.ssh'), { mode: 0o700 })
    const forge = 'Host github.com\n  User git\n'
    const entries = names.map((name) => `Host ${name}\n  User ana\n`)
    writeFileSync(join(homeDir, '.ssh/config'), [forge, ...entries].join(''))
    ;[app, browser] = await Promise.all([startApp({ homeDir }), launchBrowser()])
    page = await browser.newPage({ viewport: { width: 680, height: 900 } })
    await page.goto(app.link)
    await new PopoverPage(page).bar.waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await app?.close()
    rmSync(homeDir, { recursive: true, force: true })
  })

  it('the popover shows three and says how many more there are', async () => {
    await page.getByRole('button', { name: 'Add studio-3' }).waitFor()
    expect(await page.getByRole('button', { name: /^Add studio-/ }).count()).toBe(3)
    await page.getByText('11 more found; or type a name or address').waitFor()
  })

  it('the window shows twelve, and all of them when asked', async () => {
    await page.evaluate(() => {
      location.hash = '#window/add-host'
    })
    const use = page.getByRole('button', { name: /^Use studio-/ })
    await use.first().waitFor()
    expect(await use.count()).toBe(12)
    await tabTo(page, 'Show all 14')
    await page.keyboard.press('Enter')
    await use.nth(13).waitFor()
    expect(await use.evaluateAll((all) => all.map((one) => one.ariaLabel))).toEqual(
      names.map((name) => `Use ${name}`),
    )
    expect(await focusedName(page)).toBe('Use studio-13')
  })
})
