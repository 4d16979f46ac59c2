import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest'
import { PopoverPage } from '../e2e/pages/popover-page.ts'
import type { App } from '../e2e/support/app.ts'
import { launchBrowser } from '../support/browser.ts'
import { type FarSshd, makeClientHome, startFarSshd } from './support/far-sshd.ts'
import { studioConfig } from './support/own-machine.ts'
import { type RealTailnet, startTailnet, type TailnetNode, untilDirect } from './support/tailnet.ts'
import { startAppAt } from './support/tailnet-app.ts'

/** What a person sees who reaches their Studio through a real tailnet. Its steps build on each other. */
describe('the page, with a Studio in a real tailnet', () => {
  let tailnet: RealTailnet
  let own: TailnetNode
  let far: TailnetNode
  let sshd: FarSshd
  let app: App
  let browser: Browser
  let page: Page
  let popover: PopoverPage

  beforeAll(async () => {
    tailnet = await startTailnet('laptop', 'studio')
    ;[own, far] = [tailnet.node('laptop'), tailnet.node('studio')]
    sshd = await startFarSshd(tailnet, far)
    const homeDir = makeClientHome(tailnet, { far, sshd })
    await untilDirect(own, far)
    ;[app, browser] = await Promise.all([startAppAt(own, homeDir, [studioConfig]), launchBrowser()])
    page = await browser.newPage({ viewport: { width: 460, height: 1000 } })
    popover = new PopoverPage(page)
    await page.goto(app.link)
  })
  beforeEach(() => {
    onTestFailed(async ({ task }) => {
      await page.screenshot({ path: `test-results/real-${task.name.replaceAll(/\W+/g, '-')}.png` })
    })
  })
  afterAll(async () => {
    await browser?.close()
    await app?.close()
    await tailnet?.close()
  })

  const untilState = (words: string) =>
    page
      .getByRole('status')
      .filter({ hasText: `Studio: ${words}` })
      .waitFor({ state: 'attached', timeout: 30_000 })

  it('is live through the tailnet', async () => {
    await popover.host(/Studio/).click()
    await untilState('Live')
  })

  it('says that the Studio does not answer any more when its cable is pulled', async () => {
    far.cut()
    await untilState('No answer')
    await untilState('Unreachable')
  })

  it('finds that it is the tailnet that does not reach it', async () => {
    await page.getByRole('button', { name: 'Why can’t I connect?' }).click()
    await popover.doctor
      .getByRole('status')
      .filter({ hasText: 'Stopped at: Tailnet ping' })
      .waitFor({ timeout: 30_000 })
    const marks = popover.doctor.getByRole('listitem').getByRole('img')
    expect(await marks.evaluateAll((all) => all.map((one) => one.ariaLabel))).toEqual([
      // those that passed and those that were not tried are a line each
      ...['Passed', 'Failed', 'Not tried'],
    ])
    await popover.doctor.getByText('7 steps not tried').waitFor()
    const passed = popover.step('5 steps passed')
    await passed.getByRole('button').click()
    await passed.getByText('Tailscale says that studio is online').waitFor()
  })

  it('has it back when the cable is plugged in, and finds nothing broken', async () => {
    far.mend()
    await popover.doctor.getByRole('button', { name: 'Run again' }).click()
    await popover.doctor
      .getByRole('status')
      // no model server stands there
      .filter({ hasText: 'It works, with something to note.' })
      .waitFor({ timeout: 30_000 })
    await popover.doctor.getByRole('button', { name: 'Back' }).click()
    await untilState('Live')
  })
})
