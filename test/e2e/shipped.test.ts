import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { PopoverPage } from './pages/popover-page.ts'
import { type App, startApp } from './support/app.ts'

const kB = 1_000

/** What the popover costs before it shows its first numbers. */
describe('the popover ships', () => {
  let app: App
  let browser: Browser
  const scripts = new Map<string, string>()

  beforeAll(async () => {
    ;[app, browser] = await Promise.all([startApp(), launchBrowser()])
    const page = await browser.newPage()
    const bodies: Promise<unknown>[] = []
    page.on('response', (response) => {
      if (!response.url().endsWith('.js')) return
      bodies.push(
        response.text().then((text) => scripts.set(new URL(response.url()).pathname, text)),
      )
    })
    await page.goto(app.link)
    await new PopoverPage(page).bar.waitFor()
    await Promise.all(bodies)
  })
  afterAll(async () => {
    await browser?.close()
    await app?.close()
  })

  it('at most 200 kB of JavaScript, gzipped', () => {
    const total = [...scripts.values()].reduce((sum, text) => sum + gzipSync(text).length, 0)
    expect(scripts.size).toBeGreaterThan(0)
    expect(total).toBeLessThan(200 * kB)
  })

  it('no schema library, no window and one language only', () => {
    const names = [...scripts.keys()].join(' ')
    expect([...scripts.values()].filter((text) => /ZodError|\$ZodType/.test(text))).toEqual([])
    expect(names).not.toContain('/window-')
    expect(names.match(/\/(en|zh-CN)-/g)).toHaveLength(1)
  })
})
