/**
 * `npm run screenshots`: writes `docs/screenshots/`. With words as arguments, only the pictures whose names hold one of them:
 * `node test/screenshots/take.ts stale dark`.
 */
import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { serveGallery } from './gallery.ts'

const outDir = process.env.SCREENSHOTS_DIR ?? resolve(import.meta.dirname, '../../docs/screenshots')
const wanted = process.argv.slice(2)

/** States that a live machine shows only for a moment, or not on demand. */
const galleryStates = [
  ...['live', 'loading', 'demo', 'stale', 'unreachable', 'first-run', 'asking-host-key'],
  ...['asking-password', 'never-reached', 'connecting', 'no-models', 'linux', 'failed'],
  ...['many-hosts', 'long-names'],
]
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
      for (const state of galleryStates) {
        const name = `popover-${state}-${theme}-${language}.png`
        if (!isWanted(name)) continue
        await page.goto(`${url}?state=${state}&lang=${language}`)
        await page.locator('main > *').first().waitFor()
        await page.waitForLoadState('networkidle')
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
