import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { type MacSshServer, startMacSshServer } from '../support/mac-ssh-server.ts'
import { PopoverPage } from './pages/popover-page.ts'
import { QuestionCard } from './pages/question-card.ts'
import { WindowPage } from './pages/window-page.ts'
import { type App, startApp } from './support/app.ts'
import { violationsOf } from './support/axe.ts'
import { createMacHome, macRecording } from './support/mac-home.ts'

const password = 'correct horse'

/** A Mac over SSH (played by a recording) that lets in by password, and by the key that is put there. */
describe('a login by password', () => {
  let mac: MacSshServer & AsyncDisposable
  let app: App
  let homeDir: string
  let browser: Browser
  let page: Page
  let popover: PopoverPage

  beforeAll(async () => {
    mac = await startMacSshServer({
      ...{ recording: macRecording, password, hasKey: false, readsAuthorizedKeys: true },
    })
    homeDir = createMacHome(mac)
    ;[app, browser] = await Promise.all([startApp({ homeDir }), launchBrowser()])
    const context = await browser.newContext({ viewport: { width: 700, height: 1100 } })
    page = await context.newPage()
    popover = new PopoverPage(page)
    await page.goto(app.link)
  })
  afterAll(async () => {
    await browser?.close()
    await app?.close()
    await mac?.close()
    rmSync(homeDir, { recursive: true, force: true })
  })

  const offer = () => page.getByText('Connect without a password from now on?')
  const isKeptOffered = () =>
    JSON.parse(readFileSync(join(homeDir, '.config/studiolo/settings.json'), 'utf8')).hosts[0]
      .isKeyOffered

  it('offers a key once the password has let the person in, and leads to where one is made', async () => {
    await popover.host(/Studio upstairs/).click()
    const question = new QuestionCard(page)
    await question.secret.fill('wrong')
    await question.connect.click()
    await page.getByText('That password was not accepted.').waitFor()
    expect(await offer().count()).toBe(0)
    await question.secret.fill(password)
    await question.connect.click()
    await offer().waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Make a key…' }).click()

    // the password of a minute ago is still known
    await new WindowPage(page).button('Use this key').click()
    await page.getByRole('heading', { name: 'Studio upstairs answers' }).waitFor()
    expect(isKeptOffered()).toBe(true)
  }, 60_000)

  it('does not ask again', async () => {
    const place = new WindowPage(page)
    await place.button('Close').click()
    await place.back()
    await popover.model('deepseek-v3').waitFor()
    expect(await offer().count()).toBe(0)
  })
})
