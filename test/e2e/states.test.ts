import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { showState } from '../screenshots/gallery.ts'
import { type FleetName, fleets } from '../support/fleet-fixtures.ts'
import { until } from '../support/until.ts'
import { violationsOf } from './support/axe.ts'
import { askedOf, useGallery } from './support/gallery.ts'
import { tabTo } from './support/keyboard.ts'

const states = Object.keys(fleets) as FleetName[]

/** Every state of the popover, from fixtures: readable, inside its width, and usable with the keyboard alone. */
describe('states of the popover', () => {
  const { open } = useGallery()

  /** Goes on to another state, as with a change: nothing of the page is made anew. */
  async function become(page: Page, state: FleetName) {
    await page.evaluate(
      (to) => (window as unknown as { become(name: string): void }).become(to),
      state,
    )
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
    const ways = page.getByRole('button', { name: 'More ways to connect' })
    await ways.focus()
    // the first time the menu's code is fetched, later it is there
    for (const key of ['ArrowDown', 'Enter']) {
      await page.keyboard.press(key)
      await page.getByRole('menuitem', { name: 'Copy the address of Ollama' }).waitFor()
      await until(() => page.evaluate(() => document.activeElement?.closest('[role=menu]') != null))
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Escape')
      await page.getByRole('menu').waitFor({ state: 'detached' })
      expect(await ways.evaluate((button) => button === document.activeElement)).toBe(true)
    }
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

  it.each([
    ['numbers come, grow old and change', ['connecting', 'live', 'stale', 'loading']],
    ['the first numbers of this machine come', ['here-connecting', 'here']],
  ] as const)('keep their height when %s', async (_what, shown) => {
    const page = await open()
    const heights: Record<string, number> = {}
    for (const state of shown)
      for (const language of ['en', 'zh-CN']) {
        await showState(page, state, language)
        heights[`${state} ${language}`] = await page
          .locator('main')
          .evaluate((main) => main.getBoundingClientRect().height)
      }
    const [first] = Object.values(heights)
    expect(heights).toEqual(Object.fromEntries(Object.keys(heights).map((key) => [key, first])))
  })

  it('insert no alert while somebody points at the popover', async () => {
    const page = await open()
    await showState(page, 'live')
    const alerts = page.getByRole('region', { name: 'Notices' })
    const said = page.getByRole('status').filter({ hasText: 'The path to Mac Studio is relayed' })
    await page.locator('main').hover()
    await become(page, 'alert-one')
    await said.waitFor({ state: 'attached' })
    expect(await alerts.count()).toBe(0)
    await page.mouse.move(0, 0)
    await alerts.waitFor()
    await page.locator('main').hover()
    await become(page, 'live')
    await alerts.waitFor({ state: 'detached' })
  })

  it('keep rows of models in place while the keyboard is among them', async () => {
    const page = await open()
    await showState(page, 'live')
    const names = () => page.locator('section[aria-labelledby=models-heading] li').allInnerTexts()
    const places = async () => (await names()).map((text) => text.split('\n')[0])
    const before = await places()
    await tabTo(page, 'What holds memory')
    await page.getByRole('button', { name: 'Load gpt-oss:120b' }).focus()
    await become(page, 'loading')
    await page.getByRole('button', { name: 'Cancel gpt-oss:120b' }).waitFor()
    expect(await places()).toEqual(before)
    await tabTo(page, 'Open in Cursor')
    expect((await places())[1]).toBe('gpt-oss:120b')
  })

  it('show the marks of a bar where they belong: what is free ends at the limit, apps stand at the end', async () => {
    const page = await open()
    await showState(page, 'loading')
    const bar = page.getByRole('img', { name: /^Memory, 512 GB/ })
    const edges = await bar.evaluate((element) => {
      const { left, width } = element.getBoundingClientRect()
      const at = (x: number) => Math.round(((x - left) / width) * 512)
      return [...element.querySelectorAll('[title]')].map((part) => {
        const box = part.getBoundingClientRect()
        return `${part.getAttribute('title')}: ${at(box.left)}–${at(box.right)}`
      })
    })
    expect(edges.slice(3, 7)).toEqual([
      'Still to be loaded, 25 GB: 254–279',
      'Free, 188 GB: 279–467',
      'Apps and system, 38 GB: 467–505',
      'Compressed, 7 GB: 505–512',
    ])
    expect(edges[7]).toMatch(/^GPU limit 384 GB: /)
  })

  it('lead from a wrong name to where it is changed, before anything else', async () => {
    const page = await open()
    await showState(page, 'never-reached')
    const buttons = page.getByRole('tabpanel').getByRole('button')
    expect(await buttons.allInnerTexts()).toEqual(['Edit…', 'Try again', 'Why can’t I connect?'])
    await page.getByRole('button', { name: 'Edit Mac Studio…' }).click()
    expect(await askedOf(page)).toContain('openHost("studio", "edit")')
  })

  it('say that model servers could not be asked, and lead to the doctor', async () => {
    const page = await open()
    await showState(page, 'models-unknown')
    await page.getByText('The model servers could not be asked').waitFor()
    await page.getByText('no answer within 5000 ms').waitFor()
    await page.getByRole('button', { name: 'Check the connection…' }).click()
    await page.getByRole('region', { name: 'Connection to Mac Studio' }).waitFor()
  })
})
