import { gzipSync } from 'node:zlib'
import type { Browser, Page, Response } from 'playwright-core'
import type { FleetEvent } from '../../preload/contract/fleet.ts'
import type { App } from '../e2e/support/app.ts'
import { until } from '../support/until.ts'
import { type Figure, pause, quantile } from './measure.ts'

const rounds = 20

/** The page, from navigation in the browser, with the Studio on display. */
export async function measurePage(browser: Browser, app: App, hostId: string): Promise<Figure[]> {
  const page = await browser.newPage({ viewport: { width: 420, height: 900 } })
  const readings = watchReadings(page, hostId)
  const scriptBytes = await shippedScript(page, async () => {
    await page.goto(app.link)
    await bar(page).waitFor()
  })
  await until(() => readings.last() > 0)

  const again: number[] = []
  const againFresh: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = Date.now()
    await page.reload({ waitUntil: 'commit' })
    // in the page's own time, which begins with the navigation
    again.push(
      await bar(page)
        .elementHandle()
        .then(() => page.evaluate(() => performance.now())),
    )
    againFresh.push((await until(() => readings.after(start), { everyMs: 1 })) - start)
  }

  const kept: number[] = []
  const keptFresh: number[] = []
  for (let round = 0; round < rounds; round++) {
    await setVisible(page, false)
    await pause(1500)
    const start = Date.now()
    kept.push(await setVisible(page, true))
    keptFresh.push((await until(() => readings.after(start), { everyMs: 1 })) - start)
  }
  await page.close()

  const group = 'Page in the browser, p95 of 20'
  const p95 = (what: string, values: number[], most: number): Figure => ({
    ...{ group, what, value: quantile(values, 0.95), unit: 'ms', most },
  })
  return [
    p95('page kept: shown again to the last readings, with their age', kept, 150),
    p95('page kept: shown again to the first reading taken after that', keptFresh, 1000),
    p95('page destroyed: navigation to the last readings, with their age', again, 600),
    p95('page destroyed: navigation to the first reading taken after that', againFresh, 1000),
    {
      ...{ group: 'Page in the browser', what: 'JavaScript of the popover, gzipped' },
      ...{ value: scriptBytes / 1000, unit: 'kB', most: 200 },
    },
  ]
}

const bar = (page: Page) => page.getByRole('img', { name: /^Memory, [\d.]+ [GT]B/ })

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

/** Headless pages are always visible: the page is told otherwise. Resolves with the time to the second frame after. */
function setVisible(page: Page, isVisible: boolean): Promise<number> {
  return page.evaluate((visible) => {
    const start = performance.now()
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (visible ? 'visible' : 'hidden'),
    })
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => !visible })
    document.dispatchEvent(new Event('visibilitychange'))
    return new Promise<number>((resolve) => {
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start)))
    })
  }, isVisible)
}

interface Readings {
  /** When the newest reading of the memory was taken. */
  last(): number
  /** When the first reading reached the page that was taken after `start`; null while there is none. */
  after(start: number): number | null
}

/** Listens to what reaches the page: the memory readings of one Host, with the time they were taken and the time they came. */
function watchReadings(page: Page, hostId: string): Readings {
  const seen: { takenAt: number; cameAt: number }[] = []
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const takenAt = memoryTakenAt(String(payload), hostId)
      if (takenAt !== null) seen.push({ takenAt, cameAt: Date.now() })
    }),
  )
  return {
    last: () => seen.at(-1)?.takenAt ?? 0,
    after: (start) => seen.find(({ takenAt }) => takenAt > start)?.cameAt ?? null,
  }
}

function memoryTakenAt(frame: string, hostId: string): number | null {
  let event: FleetEvent | undefined
  try {
    event = JSON.parse(frame)?.p?.d?.json
  } catch {
    return null
  }
  const hosts = event?.kind === 'snapshot' ? event.state.hosts : event?.hosts
  const reading = hosts?.find(({ id }) => id === hostId)?.readings?.memory
  return reading?.kind === 'value' ? Date.parse(reading.at) : null
}
