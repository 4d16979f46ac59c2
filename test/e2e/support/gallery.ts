import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { serveGallery } from '../../screenshots/gallery.ts'
import { launchBrowser } from '../../support/browser.ts'

export interface Gallery {
  /** A fresh page in place of the one before, which the last test may still show. */
  open(options?: BrowserContextOptions): Promise<Page>
}

/** The page over fixtures, for the tests of a describe block. */
export function useGallery(): Gallery {
  let browser: Browser
  let gallery: Awaited<ReturnType<typeof serveGallery>>
  let context: BrowserContext | undefined

  beforeAll(async () => {
    ;[gallery, browser] = await Promise.all([serveGallery(), launchBrowser()])
  })
  afterAll(async () => {
    await browser?.close()
    await gallery?.close()
  })

  return {
    async open(options = {}) {
      await context?.close()
      const viewport = { width: 460, height: 1000 }
      context = await browser.newContext({ viewport, reducedMotion: 'reduce', ...options })
      const page = await context.newPage()
      await page.goto(gallery.url)
      return page
    },
  }
}

/** What was set off so far, as `name(arguments)`. */
export function askedOf(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { asked: string[] }).asked)
}
