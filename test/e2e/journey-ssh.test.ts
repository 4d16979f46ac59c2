import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { type MacSshServer, startMacSshServer } from '../support/mac-ssh-server.ts'
import { until } from '../support/until.ts'
import { PopoverPage } from './pages/popover-page.ts'
import { QuestionCard } from './pages/question-card.ts'
import { WindowPage } from './pages/window-page.ts'
import { type App, startApp } from './support/app.ts'
import { violationsOf } from './support/axe.ts'
import { macRecording } from './support/mac-home.ts'

const password = 'correct horse'

/** From an empty home folder to a Mac over SSH (played by a recording), all in the page. */
describe('journey to a Mac over SSH', () => {
  let mac: MacSshServer & AsyncDisposable
  let app: App
  let browser: Browser
  let page: Page
  let popover: PopoverPage
  let place: WindowPage
  let question: QuestionCard

  beforeAll(async () => {
    mac = await startMacSshServer({ recording: macRecording, password, hasKey: false })
    ;[app, browser] = await Promise.all([startApp(), launchBrowser()])
    const context = await browser.newContext({
      viewport: { width: 760, height: 1100 },
      reducedMotion: 'reduce',
    })
    page = await context.newPage()
    popover = new PopoverPage(page)
    place = new WindowPage(page)
    question = new QuestionCard(page)
    await page.goto(app.link)
  })
  afterAll(async () => {
    await browser?.close()
    await app?.close()
    await mac?.close()
  })

  it('says beside the field what a host cannot be', async () => {
    await page.getByText('Add a Mac Studio').click()
    await place.field('Address').fill('-oProxyCommand=touch /tmp/x')
    await place.field('Port').fill('70000')
    await place.button('Test').click()
    await page.getByText('An address has no spaces and does not begin with a dash.').waitFor()
    await page.getByText('A port is a number from 1 to 65535.').waitFor()
    expect(await violationsOf(page)).toEqual([])
  })

  it('says which hop fails, and why, where nothing listens', async () => {
    await place.field('Address').fill('127.0.0.1')
    await place.field('Port').fill('1')
    await place.button('Test').click()
    await page.getByRole('heading', { name: /does not answer$/ }).waitFor()
    await page.getByRole('alert').filter({ hasText: '127.0.0.1' }).waitFor()
    await place.button('Close').click()
  })

  it('tests the way hop by hop: the person compares the fingerprint and gives the password', async () => {
    await place.field('Port').fill(String(mac.port))
    await place.field('Account').fill(mac.account)
    await place.field('Name').fill('Studio upstairs')
    await place.button('Test').click()
    expect(await question.fingerprint.textContent()).toBe(mac.fingerprint)
    expect(await violationsOf(page)).toEqual([])
    await question.accept.click()
    await question.secret.fill('wrong')
    await question.connect.click()
    await page.getByText('That password was not accepted.').waitFor()
    await question.secret.fill(password)
    await question.connect.click()
    await page.getByRole('heading', { name: 'Studio upstairs answers' }).waitFor()
    for (const hop of ['Name', 'TCP', 'SSH', 'Host key', 'Login', 'First answer']) {
      await page
        .getByRole('listitem')
        .filter({ hasText: hop })
        .filter({ hasText: 'passed' })
        .first()
        .waitFor()
    }
    expect(await violationsOf(page)).toEqual([])
    await place.button('Close').click()
  })

  it('adds it and shows it live, with the numbers of that Mac', async () => {
    await place.button('Add').click()
    await place.host('Studio upstairs').waitFor()
    await place.back()
    await popover.host(/Studio upstairs/).click()
    await popover.model('deepseek-v3').waitFor()
    expect(await popover.barText()).toMatch(/^Memory, 550 GB/)
    await page.getByText('Encrypted').waitFor()
    const known = readFileSync(join(app.homeDir, '.ssh/known_hosts'), 'utf8')
    expect(known).toContain(mac.hostKey.split(' ')[1])
  })

  it('keeps one shell on the far side', async () => {
    // While checks are read they have shells of their own; then only the one that answers ticks is left.
    await until(() => mac.shells().length === 1, { withinMs: 20_000 })
    const shell = mac.shells()
    const shown = await popover.activity.textContent()
    await until(async () => (await popover.activity.textContent()) !== shown)
    await until(() => mac.shells().length === 1, { withinMs: 20_000 })
    expect(mac.shells()).toEqual(shell)
  })

  it('says that it does not answer when the Mac is gone, and is live again when it is back', async () => {
    const { port, hostPrivateKey } = mac
    await mac.close()
    await page.getByRole('status').filter({ hasText: 'Unreachable' }).waitFor({ timeout: 15_000 })
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    expect(await violationsOf(page)).toEqual([])
    mac = await startMacSshServer({
      recording: macRecording,
      password,
      hasKey: false,
      port,
      hostPrivateKey,
    })
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor({ timeout: 15_000 })
  }, 60_000)

  it('refuses a Mac with another host key, says so, and is live by "Try again" when the old one is back', async () => {
    const { port, hostPrivateKey } = mac
    await mac.close()
    await page.getByRole('status').filter({ hasText: 'Unreachable' }).waitFor({ timeout: 15_000 })
    mac = await startMacSshServer({ recording: macRecording, password, hasKey: false, port })
    await page
      .getByText(/host key/i)
      .first()
      .waitFor({ timeout: 15_000 })
    expect(await page.getByRole('status').filter({ hasText: 'Live' }).count()).toBe(0)
    await mac.close()
    mac = await startMacSshServer({
      recording: macRecording,
      password,
      hasKey: false,
      port,
      hostPrivateKey,
    })
    // with such a key nothing is tried by itself, however long one waits
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor({ timeout: 15_000 })
  }, 60_000)

  it('is there after a restart, and goes when it is removed', async () => {
    await app.restart()
    await page.goto('about:blank')
    await page.goto(app.link)
    await popover.host(/Studio upstairs/).waitFor()
    await popover.settings().click()
    await place.goTo('Hosts')
    await place.button('Remove Studio upstairs').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByText('No Studio yet').waitFor()
    await place.back()
    await page.getByText('This computer').or(page.getByText('This Mac')).first().waitFor()
  }, 60_000)
})
