/**
 * `npm run screenshots`: writes `docs/screenshots/`, after a build. With words as arguments, only the pictures whose
 * names hold all of them: `node test/screenshots/take.ts stale dark`. `--all` adds the states that only a reviewer needs.
 */
import { mkdir, readdir, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { doctorStories, isHealthyStory } from '../support/doctor-stories.ts'
import { type FleetName, fleets } from '../support/fleet-fixtures.ts'
import { takeApp } from './app.ts'
import { serveGallery, showDoctor, showState } from './gallery.ts'
import { takeWindow } from './window.ts'

export interface PictureTaker {
  isWantedInAnyTheme(name: string, language: string): boolean
  /** Skips what was not asked for. */
  picture(of: Page | Locator, name: string): Promise<void>
}

interface GalleryPicture {
  state: FleetName
  /** The doctor is open, with this story. */
  doctor?: string
  /** Taken in one look only, where the states are many. */
  look?: string | undefined
  act?: (page: Page) => Promise<void>
}

const outDir = process.env.SCREENSHOTS_DIR ?? resolve(import.meta.dirname, '../../docs/screenshots')
const isAll = process.argv.includes('--all')
const words = process.argv.slice(2).filter((word) => word !== '--all')
const themes = ['light', 'dark'] as const
const languages = ['en', 'zh-CN'] as const
const looks = themes.flatMap((theme) => languages.map((language) => `${theme}-${language}`))

/** States that a live machine shows only for a moment, or not on demand. */
const shown: FleetName[] = [
  ...(['first-run', 'loading', 'stale', 'unreachable', 'asking-host-key', 'alert-one'] as const),
  ...(['tailnet-stopped', 'tailnet-job-failed', 'tunnels'] as const),
]

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

const openForm = async (page: Page) => {
  await page.locator('section button[aria-haspopup=menu]').click()
  await page.getByRole('menuitem', { name: /^(Open a tunnel|打开隧道)…$/ }).click()
  await page.locator('form').waitFor()
  await page.locator('li > button:focus').waitFor()
}

/** Goes by the name alone, so that a picture keeps its look when others come. */
function lookOf(name: string): string | undefined {
  const sum = [...name].reduce((before, letter) => before + (letter.codePointAt(0) ?? 0), 0)
  return looks[sum % looks.length]
}

const onConnecting: Record<string, GalleryPicture> = {
  'tunnel-form': { state: 'live', act: openForm },
  'tunnel-error': {
    state: 'loading',
    act: async (page) => {
      await openForm(page)
      await page.keyboard.press('Enter')
      await page.getByRole('alert').waitFor()
    },
  },
  'alerts-unfolded': {
    state: 'alerts-three',
    act: (page) => page.locator('main > section > button[aria-expanded]').click(),
  },
  ...Object.fromEntries(
    doctorStories.map((doctor) => {
      const look = lookOf(doctor)
      const state = isHealthyStory(doctor) ? ('live' as const) : ('unreachable' as const)
      return [`doctor-${doctor}`, { state, doctor, look }]
    }),
  ),
}

const galleryPictures: Record<string, GalleryPicture> = {
  ...Object.fromEntries(
    (isAll ? (Object.keys(fleets) as FleetName[]) : shown).map((state) => [state, { state }]),
  ),
  ...onConnecting,
  ...(isAll ? afterAClick : {}),
}

function isWanted(name: string): boolean {
  return words.every((word) => name.includes(word))
}

const taken = new Set<string>()

const taker: PictureTaker = {
  isWantedInAnyTheme: (name, language) =>
    themes.some((theme) => isWanted(`${name}-${theme}-${language}`)),
  async picture(of, name) {
    if (!isWanted(name)) return
    taken.add(`${name}.png`)
    await of.screenshot({ path: resolve(outDir, `${name}.png`) })
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
      for (const [picture, { state, doctor, look, act }] of Object.entries(galleryPictures)) {
        const name = `popover-${picture}-${theme}-${language}`
        if (!isWanted(name) || (look !== undefined && !name.endsWith(look))) continue
        if (doctor === undefined) await showState(page, state, language)
        else await showDoctor(page, doctor, language, state)
        await act?.(page)
        await taker.picture(page.locator(doctor === undefined ? '.desktop' : 'main'), name)
      }
    await context.close()
  }
}

/** Pictures of what is not shown any more. */
async function removeOthers() {
  for (const name of await readdir(outDir)) {
    if (name.endsWith('.png') && !taken.has(name)) await rm(resolve(outDir, name))
  }
}

await mkdir(outDir, { recursive: true })
const gallery = await serveGallery()
const browser = await launchBrowser()
try {
  await takeGallery(browser, gallery.url)
  await takeApp(browser, taker)
  await takeWindow(browser, taker)
  if (words.length === 0 && !isAll) await removeOthers()
} finally {
  await browser.close()
  await gallery.close()
}
