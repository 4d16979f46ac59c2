import { gzipSync } from 'node:zlib'
import type { Browser, Page, Response } from 'playwright-core'
import type { App } from '../e2e/support/app.ts'
import { type Figure, pause, quantile } from './measure.ts'
import { hiddenMs, watchShown } from './shown.ts'

const rounds = 20

/** The page, from navigation in the browser, with the Studio on display. */
export async function measurePage(browser: Browser, app: App): Promise<Figure[]> {
  const page = await browser.newPage({ viewport: { width: 420, height: 900 } })
  const scriptBytes = await shippedScript(page, async () => {
    await page.goto(app.link)
    await page.evaluate(watchShown, null)
  })

  const again: number[] = []
  const againFresh: number[] = []
  for (let round = 0; round < rounds; round++) {
    await page.reload({ waitUntil: 'commit' })
    const [last, fresh] = await page.evaluate(watchShown, null).then(async (shown) => {
      const start = await page.evaluate(() => performance.timeOrigin)
      return [shown.lastAt - start, shown.freshAt - start] as const
    })
    again.push(last)
    againFresh.push(fresh)
  }

  const kept: number[] = []
  const keptFresh: number[] = []
  for (let round = 0; round < rounds; round++) {
    await setVisible(page, false)
    await pause(hiddenMs)
    const start = Date.now()
    await setVisible(page, true)
    const shown = await page.evaluate(watchShown, start)
    kept.push(shown.lastAt - start)
    keptFresh.push(shown.freshAt - start)
  }
  await page.close()

  const group = 'Page in the browser, p95 of 20'
  const p95 = (what: string, values: number[], most: number): Figure => ({
    ...{ group, what, value: quantile(values, 0.95), unit: 'ms', most },
  })
  return [
    p95('page kept: shown again to the last readings, with their age, on screen', kept, 150),
    p95('page kept: shown again to the first reading taken after that on screen', keptFresh, 1000),
    p95('page destroyed: navigation to the last readings, with their age, on screen', again, 600),
    p95(
      'page destroyed: navigation to the first reading taken after that on screen',
      againFresh,
      1000,
    ),
    {
      ...{ group: 'Page in the browser', what: 'JavaScript of the popover, gzipped' },
      ...{ value: scriptBytes / 1000, unit: 'kB', most: 200 },
    },
  ]
}

async function shippedScript(page: Page, open: () => Promise<void>): Promise<number> {
  const bodies: Promise<Buffer>[] = []
  const collect = (response: Response) => {
    if (new URL(response.url()).pathname.endsWith('.js')) bodies.push(response.body())
  }
  page.on('response', collect)
  await open()
  page.off('response', collect)
  const all = await Promise.all(bodies)
  return all.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0)
}

/** Headless pages are always visible: the page is told otherwise. */
async function setVisible(page: Page, isVisible: boolean): Promise<void> {
  await page.evaluate((visible) => {
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (visible ? 'visible' : 'hidden'),
    })
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => !visible })
    document.dispatchEvent(new Event('visibilitychange'))
  }, isVisible)
}
