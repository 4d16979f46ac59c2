import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { showState } from '../screenshots/gallery.ts'
import { until } from '../support/until.ts'
import { violationsOf } from './support/axe.ts'
import { askedOf, useGallery } from './support/gallery.ts'
import { focusedName, tabTo } from './support/keyboard.ts'

describe('copying the address of a model server, by keyboard', () => {
  const gallery = useGallery()
  let page: Page

  const asked = () => askedOf(page)

  async function copyWhere(fails: string) {
    page = await gallery.open()
    await showState(page, 'live')
    await page.evaluate((more) => {
      location.hash += more
    }, `&fails=${fails}`)
    await page.locator(`[data-shown$="fails=${fails}"] main > *`).first().waitFor()
    await tabTo(page, 'More ways to connect')
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Copy the address of Ollama' }).waitFor()
    await page.keyboard.type('Copy the a')
    await page.keyboard.press('Enter')
  }

  async function openTunnelForm() {
    await tabTo(page, 'Open a tunnel…')
    await page.keyboard.press('Enter')
    await until(async () => (await focusedName(page)).startsWith('Ollama'))
  }

  it('says that none leads there, copies none, and leads to a tunnel', async () => {
    await copyWhere('connect.model-server-there-only')
    const words = 'Ollama accepts connections on Mac Studio only, not from other computers.'
    await page.getByRole('alert').filter({ hasText: words }).waitFor()
    expect((await asked()).filter((one) => one.startsWith('copy('))).toEqual([])
    expect(await violationsOf(page)).toEqual([])
    await openTunnelForm()
    expect(await page.getByRole('alert').count()).toBe(0)
  })

  it('copies one that did not answer, with a word of doubt, and leads to a tunnel', async () => {
    await copyWhere('connect.model-server-silent')
    const words = 'The address was copied, but port 11434 of Mac Studio did not answer just now.'
    const doubt = page.getByRole('status').filter({ hasText: words })
    await doubt.waitFor()
    await until(async () => (await asked()).includes('copy("http://100.101.20.4:11434")'))
    expect(await violationsOf(page)).toEqual([])
    await openTunnelForm()
    expect(await doubt.count()).toBe(0)
  })
})
