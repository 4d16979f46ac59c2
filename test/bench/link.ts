import type { Browser, Page } from 'playwright-core'
import type { App } from '../e2e/support/app.ts'
import type { Studio } from '../real/support/studio.ts'
import { type Figure, median, pause } from './measure.ts'

const rounds = 10

/** The Studio vanishes from the network while the popover is open, and comes back: each time after another while, unreachable or not yet. */
export async function measureLink(studio: Studio, browser: Browser, app: App): Promise<Figure[]> {
  const page = await browser.newPage({ viewport: { width: 460, height: 1000 } })
  const sinceBack: number[] = []
  try {
    await page.goto(app.link)
    await shown(page, 'Studio 0: Live', 60_000)
    for (let round = 0; round < rounds; round++) {
      studio.cut()
      await shown(page, 'Studio 0: No answer', 20_000)
      await pause(round * 1_300)
      const backAt = Date.now()
      studio.mend()
      sinceBack.push((await shown(page, 'Studio 0: Live', 60_000)) - backAt)
      await pause(3_000)
    }
  } finally {
    studio.mend()
    await page.close()
  }
  const group = 'Page, an SSH host vanishes while the popover is open, and comes back'
  const figure = (what: string, value: number, most: number | null): Figure => ({
    ...{ group, what, value, unit: 'ms', most },
  })
  return [
    figure(`link back → live, longest of ${rounds}`, Math.max(...sinceBack), 3_000),
    figure(`link back → live, median of ${rounds}`, median(sinceBack), null),
  ]
}

/** When the page first said so to a screen reader, in milliseconds since 1970. */
export async function shown(page: Page, words: string, withinMs: number): Promise<number> {
  const handle = await page.waitForFunction(
    (said) =>
      [...document.querySelectorAll('[role=status]')].some((one) =>
        one.textContent?.includes(said),
      ) && Date.now(),
    words,
    { polling: 'raf', timeout: withinMs },
  )
  return Number(await handle.jsonValue())
}
