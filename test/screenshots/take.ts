/**
 * `npm run screenshots`: writes `docs/screenshots/`, after a build. With words as arguments, only the pictures whose
 * names hold all of them: `node test/screenshots/take.ts stale dark`. `--all` adds the states that only a reviewer needs.
 */
import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { type FleetName, fleets } from '../support/fleet-fixtures.ts'
import { takeApp } from './app.ts'
import { serveGallery, showState } from './gallery.ts'
import { takeWindow } from './window.ts'

export interface PictureTaker {
  isWantedInAnyTheme(name: string, language: string): boolean
  /** Skips what was not asked for. */
  picture(of: Page | Locator, name: string): Promise<void>
}

interface GalleryPicture {
  state: FleetName
  act?: (page: Page) => Promise<void>
}

const outDir = process.env.SCREENSHOTS_DIR ?? resolve(import.meta.dirname, '../../docs/screenshots')
const isAll = process.argv.includes('--all')
const words = process.argv.slice(2).filter((word) => word !== '--all')
const themes = ['light', 'dark'] as const
const languages = ['en', 'zh-CN'] as const

/** States that a live machine shows only for a moment, or not on demand. */
const shown: FleetName[] = ['first-run', 'loading', 'stale', 'unreachable', 'asking-host-key']

const afterAClick: Record<string, GalleryPicture> = {
  'check-detail': {
    state: 'live',
    act: (page) => page.locator('section button[aria-expanded]').last().click(),
  },
  'too-big': {
    state: 'long-names',
    act: (page) => page.getByRole('button', { name: /^(Load|加载)… / }).click(),
  },
  'all-models': {
    state: 'live',
    act: (page) => page.locator('li > button[aria-expanded]').last().click(),
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

const galleryPictures: Record<string, GalleryPicture> = {
  ...Object.fromEntries(
    (isAll ? (Object.keys(fleets) as FleetName[]) : shown).map((state) => [state, { state }]),
  ),
  ...(isAll ? afterAClick : {}),
}

function isWanted(name: string): boolean {
  return words.every((word) => name.includes(word))
}

const taker: PictureTaker = {
  isWantedInAnyTheme: (name, language) =>
    themes.some((theme) => isWanted(`${name}-${theme}-${language}`)),
  async picture(of, name) {
    if (isWanted(name)) await of.screenshot({ path: resolve(outDir, `${name}.png`) })
  },
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
    await page.goto(url)
    for (const language of languages)
      for (const [picture, { state, act }] of Object.entries(galleryPictures)) {
        const name = `popover-${picture}-${theme}-${language}`
        if (!isWanted(name)) continue
        await showState(page, state, language)
        await act?.(page)
        await taker.picture(page.locator('.desktop'), name)
      }
    await context.close()
  }
}

await mkdir(outDir, { recursive: true })
const gallery = await serveGallery()
const browser = await launchBrowser()
try {
  await takeGallery(browser, gallery.url)
  await takeApp(browser, taker)
  await takeWindow(browser, taker)
} finally {
  await browser.close()
  await gallery.close()
}
