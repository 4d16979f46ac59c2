import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { showDoctor, showState } from '../screenshots/gallery.ts'
import { doctorStories } from '../support/doctor-stories.ts'
import type { FleetName } from '../support/fleet-fixtures.ts'
import { PopoverPage } from './pages/popover-page.ts'
import { askedOf, useGallery } from './support/gallery.ts'
import { focusedName, tabTo } from './support/keyboard.ts'

/** The doctor's findings, from fixtures: what it says first, and what its buttons set off. */
describe('the doctor', () => {
  const gallery = useGallery()
  let page: Page
  let popover: PopoverPage

  async function open(story: string, state?: FleetName) {
    page = await gallery.open()
    popover = new PopoverPage(page)
    await showDoctor(page, story, 'en', state)
  }
  const asked = () => askedOf(page)

  it('begins with what was found where it broke, and says it once', async () => {
    await open('refused')
    const verdict = popover.doctor.getByRole('status').first().getByRole('paragraph')
    const [found = '', place] = await verdict.allTextContents()
    expect(found).toMatch(/nothing (answers|listens)/)
    expect(place).toBe('Stopped at: SSH port')
    expect(await popover.doctor.getByText(found).count()).toBe(1)
    expect((await popover.doctor.boundingBox())?.height).toBeLessThan(700)
  })

  it('unfolds what passed, with the times that tell something of the way', async () => {
    await open('relay', 'live')
    await popover.step('5 steps passed').getByRole('button').click()
    await popover.step('7 steps passed').getByRole('button').click()
    const line = (name: string) =>
      popover.doctor.getByRole('listitem').filter({ hasText: name }).last()
    for (const name of ['Tailnet ping', 'SSH port', 'Login']) {
      expect(await line(name).textContent()).toMatch(/\d m?s$/)
    }
    expect(await line('Tailnet ping').textContent()).toMatch(/2\.1 s$/)
    for (const name of ['Tailscale installed', 'SSH answers', 'Host key']) {
      expect(await line(name).textContent()).not.toMatch(/\d m?s$/)
    }
  })

  it.each([
    ['stopped', 'Connect Tailscale', 'startTailnet()'],
    ['not-running', 'Connect Tailscale', 'startTailnet()'],
    ['logged-out', 'Log in…', 'logInToTailnet()'],
    ['asleep', 'Wake it', 'wake("studio")'],
    ['password-missing', 'Connect…', 'reconnect("studio")'],
    ['passphrase', 'Connect…', 'reconnect("studio")'],
    ['host-key-unknown', 'Connect…', 'reconnect("studio")'],
    ['auth-refused', 'Make a key…', 'openHost("studio", "key")'],
    ['key-not-found', 'Edit Mac Studio…', 'openHost("studio", "edit")'],
    ['not-ssh', 'Edit Mac Studio…', 'openHost("studio", "edit")'],
  ])('does itself what helps: %s, with “%s”', async (story, label, call) => {
    await open(story)
    await tabTo(page, label)
    await page.keyboard.press('Enter')
    expect(await asked()).toContain(call)
  })

  it('makes room for what the connection asks', async () => {
    await open('password-missing')
    await popover.doctor.getByRole('button', { name: 'Connect…' }).click()
    await popover.doctor.waitFor({ state: 'detached' })
    expect(await focusedName(page)).toBe('Why can’t I connect?')
  })

  it('shows how connecting Tailscale goes, cancels it, and says why it failed', async () => {
    await open('stopped', 'tailnet-job')
    await popover.doctor.getByRole('status').filter({ hasText: 'Connecting Tailscale…' }).waitFor()
    await popover.doctor.getByRole('button', { name: 'Cancel' }).click()
    expect((await asked()).filter((call) => call.startsWith('cancel("this-machine"'))).toHaveLength(
      1,
    )
    await showDoctor(page, 'stopped', 'en', 'tailnet-job-failed')
    await popover.doctor.getByRole('alert').waitFor()
    await popover.doctor.getByText('sudo tailscale set --operator=ana').waitFor()
    await popover.doctor.getByRole('button', { name: 'Connect Tailscale' }).waitFor()
  })

  it('fills one button, the first that helps', async () => {
    await open('healthy')
    for (const story of doctorStories) {
      await showDoctor(page, story)
      const filled = await popover.doctor.locator('button.bg-accent-fill').allInnerTexts()
      expect({ story, count: filled.length }).toEqual({
        ...{ story, count: story === 'running' ? 0 : 1 },
      })
    }
  }, 120_000)

  it('keeps what stands on a card twelve pixels from its edge, and the dots of a menu whole', async () => {
    await open('healthy')
    await showState(page, 'live')
    await tabTo(page, 'More ways to connect')
    const dots = page.getByRole('button', { name: 'More ways to connect' }).locator('svg')
    expect((await dots.boundingBox())?.width).toBe(16)
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Open a tunnel…' }).click()
    const form = page.getByRole('region', { name: 'Open a tunnel to Mac Studio' })
    const heading = form.getByRole('heading')
    const insets = await Promise.all([form.boundingBox(), heading.boundingBox()])
    expect((insets[1]?.x ?? 0) - (insets[0]?.x ?? 0)).toBe(12)
    const port = await form.getByText('Ollama').boundingBox()
    expect((port?.x ?? 0) - (insets[0]?.x ?? 0)).toBe(12)
  })
})
