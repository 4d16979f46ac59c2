import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveGallery, showState } from '../screenshots/gallery.ts'
import { launchBrowser } from '../support/browser.ts'
import { type FleetName, fleets } from '../support/fleet-fixtures.ts'
import { violationsOf } from './support/axe.ts'

const states = Object.keys(fleets) as FleetName[]

/** Every state of the popover, from fixtures: readable, inside its width, and usable with the keyboard alone. */
describe('states of the popover', () => {
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

  async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    await context?.close()
    context = await browser.newContext({
      viewport: { width: 460, height: 1000 },
      reducedMotion: 'reduce',
      ...options,
    })
    const page = await context.newPage()
    await page.goto(gallery.url)
    return page
  }

  it.each([
    { colorScheme: 'light', contrast: 'no-preference', shown: states },
    { colorScheme: 'dark', contrast: 'no-preference', shown: states },
    { colorScheme: 'light', contrast: 'more', shown: ['demo', 'stale', 'failed'] },
    { colorScheme: 'dark', contrast: 'more', shown: ['demo', 'stale', 'failed'] },
  ] as const)(
    'have no accessibility violation in $colorScheme, contrast $contrast',
    async (look) => {
      const page = await open({ colorScheme: look.colorScheme, contrast: look.contrast })
      const found: Record<string, unknown> = {}
      for (const state of look.shown) {
        await showState(page, state)
        const violations = await violationsOf(page)
        if (violations.length > 0) found[state] = violations
      }
      expect(found).toEqual({})
    },
    120_000,
  )

  it.each(['en', 'zh-CN'])(
    'stay inside 380 px and cut no button short in %s',
    async (language) => {
      const page = await open()
      for (const state of states) {
        await showState(page, state, language)
        const cut = await page.evaluate(() => {
          const shell = document.querySelector('main')?.getBoundingClientRect()
          return [...document.querySelectorAll('main *')].flatMap((element) => {
            const box = element.getBoundingClientRect()
            const isOutside =
              shell === undefined || box.right > shell.right + 1 || box.left < shell.left - 1
            const isCut = element.matches('button') && element.scrollWidth > element.clientWidth + 1
            const isHidden =
              element.closest(
                '.sr-only, .truncate *, svg, [role=presentation], input[aria-hidden]',
              ) !== null
            return box.width > 0 && !isHidden && (isOutside || isCut)
              ? [element.outerHTML.slice(0, 120)]
              : []
          })
        })
        expect({ state, cut }).toEqual({ state, cut: [] })
        expect(await page.locator('main').evaluate((main) => main.clientWidth)).toBe(380)
      }
    },
    60_000,
  )

  it('say every word in both languages', async () => {
    const page = await open()
    for (const language of ['en', 'zh-CN'])
      for (const state of states) {
        await showState(page, state, language)
        const text = await page.locator('main').textContent()
        expect(text).not.toMatch(/\b(popover|check|link|error)\.[a-z-]+\.?[a-z-]*/)
        expect(text).not.toContain('{{')
      }
  }, 60_000)

  it('are used with the keyboard: arrows choose a machine, Tab goes on, menus open and close', async () => {
    const page = await open()
    await showState(page, 'live')
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowRight')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('This Mac')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Settings',
    )
    await page.getByRole('button', { name: 'More ways to connect' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Copy the address of Ollama' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Escape')
    await page.getByRole('menu').waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'More ways to connect',
    )
  })

  it('ask before a load that memory has no room for, and offer what would make room', async () => {
    const page = await open()
    await showState(page, 'long-names')
    const ask = page.getByRole('button', { name: /^Load… Qwen3-Coder/ })
    await ask.click()
    expect(await ask.getAttribute('aria-expanded')).toBe('true')
    await page
      .getByRole('button', { name: 'Unload Llama-3.3-70B-Instruct-GGUF', exact: true })
      .waitFor()
    const box = await page.getByRole('button', { name: 'Load anyway' }).boundingBox()
    const shell = await page.locator('main').boundingBox()
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThan((shell?.x ?? 0) + 360)
    await page.getByRole('button', { name: 'Load anyway' }).click()
    expect(await page.getByRole('button', { name: 'Load anyway' }).count()).toBe(0)
  })

  it('show a fingerprint whole, with the command that shows it on the machine', async () => {
    const page = await open()
    await showState(page, 'asking-host-key')
    const shown = await page.locator('code').allInnerTexts()
    expect(shown.map((text) => text.replaceAll(/\s/g, ''))).toEqual([
      'SHA256:uNiVztksCsDhcc0u9e8BrCODrD8mVkIBzDhGNOVDc0E',
      'ssh-keygen-lf/etc/ssh/ssh_host_ed25519_key.pub',
    ])
  })

  it('do not change the height when numbers do', async () => {
    const page = await open()
    const heights: number[] = []
    for (const state of ['live', 'stale'] as const) {
      await showState(page, state)
      heights.push(await page.locator('main').evaluate((main) => main.clientHeight))
    }
    expect(heights[0]).toBe(heights[1])
  })
})
