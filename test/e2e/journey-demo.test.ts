import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { until } from '../support/until.ts'
import { PopoverPage } from './pages/popover-page.ts'
import { WindowPage } from './pages/window-page.ts'
import { type App, startApp } from './support/app.ts'
import { violationsOf } from './support/axe.ts'

/** The main journey in a browser, from an empty home folder, with the demo Studio. */
describe('journey with the demo Studio', () => {
  let app: App
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let popover: PopoverPage
  /** What the models take in the recording, in GB. */
  let loaded = 0
  const errors: string[] = []

  beforeAll(async () => {
    ;[app, browser] = await Promise.all([startApp(), launchBrowser()])
    context = await browser.newContext({
      viewport: { width: 700, height: 1000 },
      reducedMotion: 'reduce',
    })
    page = await context.newPage()
    page.on('pageerror', (error) => errors.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text())
    })
    popover = new PopoverPage(page)
    await page.goto(app.link)
  })
  afterAll(async () => {
    await browser?.close()
    await app?.close()
  })

  it('shows this machine, live, and offers to add a Studio or to look at the demo', async () => {
    await popover.bar.waitFor()
    expect(await popover.barText()).toMatch(/^Memory, \d+(\.\d)? GB: /)
    await page.getByText('Look at the demo Studio').waitFor()
    await page.getByText('Add a Mac Studio').waitFor()
    expect(new URL(page.url()).hash).not.toContain('token')
  })

  it('has no accessibility violation at first', async () => {
    expect(await violationsOf(page)).toEqual([])
  })

  it('shows the demo Studio, marked as one, with numbers that move', async () => {
    await page.getByText('Look at the demo Studio').click()
    await popover.host(/Mac Studio.*Demo/).waitFor()
    await popover.model('deepseek-v3').waitFor()
    const first = await page.locator('main').textContent()
    await until(async () => (await page.locator('main').textContent()) !== first)
    expect(await violationsOf(page)).toEqual([])
  })

  it('unloads a model and sees it leave the bar, loads it and sees it return', async () => {
    loaded = await until(async () => {
      const models = await popover.barPart('Models')
      return models > 100 ? models : null
    })
    await popover.unload('deepseek-v3:q3_k_m').click()
    await popover
      .load('deepseek-v3:q3_k_m')
      .or(page.getByRole('button', { name: 'Load… deepseek-v3:q3_k_m' }))
      .waitFor()
    await until(async () => (await popover.barPart('Models')) < loaded - 100)
    await popover.load('deepseek-v3:q3_k_m').click()
    await popover.cancel('deepseek-v3:q3_k_m').waitFor()
    await popover.unload('deepseek-v3:q3_k_m').waitFor({ timeout: 60_000 })
    await until(async () => (await popover.barPart('Models')) === loaded)
  }, 120_000)

  it('cancels a load, and the model is really gone', async () => {
    const name = 'llama3.3:70b-q8'
    await popover.load(name).click()
    await until(async () => (await popover.barPart('Models')) > loaded)
    await popover.cancel(name).click()
    await popover.load(name).waitFor({ timeout: 60_000 })
    await until(async () => (await popover.barPart('Models')) === loaded)
  }, 90_000)

  it('moves nothing while a model is loaded, for whom wants less motion', async () => {
    const name = 'llama3.3:70b-q8'
    const startedWith = await popover.barPart('Models')
    await countAnimations(page)
    await popover.load(name).click()
    await until(async () => (await popover.barPart('Models')) > startedWith)
    expect(await mostAnimations(page)).toBe(0)
    // the same page has something to move for everybody else
    await page.emulateMedia({ reducedMotion: 'no-preference' })
    await until(async () => (await mostAnimations(page)) > 0)
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await popover.cancel(name).click()
    await popover.load(name).waitFor({ timeout: 60_000 })
  }, 90_000)

  it('speaks Chinese and turns dark, and still does after a restart', async () => {
    const place = new WindowPage(page)
    await popover.settings().click()
    await place.field('Language').selectOption('zh-CN')
    await page.getByText('语言').first().waitFor()
    await page.getByRole('radio', { name: '深色' }).click()
    await until(() => page.evaluate("document.documentElement.dataset.theme === 'dark'"))
    expect(await page.evaluate('document.documentElement.lang')).toBe('zh-CN')
    expect(await violationsOf(page)).toEqual([])
    await app.restart()
    await page.goto('about:blank')
    await page.goto(app.link)
    await page.getByText('可供模型使用').first().waitFor()
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark')
    await page.getByRole('tab', { name: /演示/ }).waitFor()
    expect(await violationsOf(page)).toEqual([])
  }, 60_000)

  it('made no error on the way', () => {
    // The restart breaks the page's WebSocket on purpose.
    expect(errors.filter((error) => !/WebSocket|ERR_CONNECTION/.test(error))).toEqual([])
  })
})

/** Looks in every frame from now on how much is being moved. */
async function countAnimations(page: Page): Promise<void> {
  await page.evaluate(() => {
    const look = () => {
      const most = Number(document.body.dataset.animations ?? 0)
      document.body.dataset.animations = String(Math.max(most, document.getAnimations().length))
      requestAnimationFrame(look)
    }
    look()
  })
}

async function mostAnimations(page: Page): Promise<number> {
  return await page.evaluate(() => Number(document.body.dataset.animations))
}
