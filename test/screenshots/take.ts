/**
 * `npm run screenshots`: writes `docs/screenshots/`. With words as arguments, only the pictures whose names hold one of them:
 * `node test/screenshots/take.ts stale dark`.
 */
import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { type FleetName, fleets } from '../support/fleet-fixtures.ts'
import { serveGallery } from './gallery.ts'

const outDir = process.env.SCREENSHOTS_DIR ?? resolve(import.meta.dirname, '../../docs/screenshots')
const wanted = process.argv.slice(2)

/** States that a live machine shows only for a moment, or not on demand; some after a click. */
const galleryPictures: Record<string, { state: FleetName; act?: (page: Page) => Promise<void> }> = {
  ...Object.fromEntries(Object.keys(fleets).map((name) => [name, { state: name as FleetName }])),
  'check-detail': {
    state: 'live',
    act: (page) => page.locator('section button[aria-expanded]').last().click(),
  },
  'too-big': {
    state: 'long-names',
    act: (page) => page.locator('li button[aria-expanded]').first().click(),
  },
  holders: { state: 'live', act: (page) => page.locator('summary').click() },
  menu: {
    state: 'live',
    act: async (page) => {
      await page.locator('section button[aria-haspopup=menu]').click()
      await page.getByRole('menuitem').first().hover()
    },
  },
}
const themes = ['light', 'dark'] as const
const languages = ['en', 'zh-CN'] as const

function isWanted(name: string): boolean {
  return wanted.every((word) => name.split('.')[0]?.includes(word))
}

async function takeGallery(browser: Browser, url: string) {
  for (const theme of themes) {
    const context = await browser.newContext({
      colorScheme: theme,
      deviceScaleFactor: 2,
      viewport: { width: 460, height: 900 },
      reducedMotion: 'reduce',
    })
    const page = await context.newPage()
    page.on('pageerror', (error) => console.error(error))
    for (const language of languages)
      for (const [picture, { state, act }] of Object.entries(galleryPictures)) {
        const name = `popover-${picture}-${theme}-${language}.png`
        if (!isWanted(name)) continue
        await page.goto(`${url}?state=${state}&lang=${language}`)
        await page.locator('main > *').first().waitFor()
        await page.waitForLoadState('networkidle')
        await act?.(page)
        await page.locator('.desktop').screenshot({ path: resolve(outDir, name) })
      }
    await context.close()
  }
}

await mkdir(outDir, { recursive: true })
const gallery = await serveGallery()
const browser = await launchBrowser()
try {
  await takeGallery(browser, gallery.url)
} finally {
  await browser.close()
  await gallery.close()
}
