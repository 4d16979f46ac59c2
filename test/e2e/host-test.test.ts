import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startMacSshServer } from '../support/mac-ssh-server.ts'
import { until } from '../support/until.ts'
import { QuestionCard } from './pages/question-card.ts'
import { WindowPage } from './pages/window-page.ts'
import { type App, startApp } from './support/app.ts'
import { violationsOf } from './support/axe.ts'
import { focusedName, tabTo } from './support/keyboard.ts'
import { macRecording } from './support/mac-home.ts'

/** The test of a host in the window, on hosts that do not answer as they should. */
describe('the test of a host', () => {
  const dir = mkdtempSync(join(tmpdir(), 'studiolo-host-test-'))
  let app: App
  let browser: Browser
  let page: Page
  let place: WindowPage

  beforeAll(async () => {
    ;[app, browser] = await Promise.all([startApp(), launchBrowser()])
    const context = await browser.newContext({
      viewport: { width: 680, height: 640 },
      reducedMotion: 'reduce',
    })
    page = await context.newPage()
    place = new WindowPage(page)
    await page.goto(app.link)
    await page.getByText('Add a Mac Studio').click()
  })
  afterAll(async () => {
    await browser?.close()
    await app?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('says that a name is not known, and gives the focus back when it is closed', async () => {
    await place.field('Address').fill('nowhere.invalid')
    await tabTo(page, 'Test')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'nowhere.invalid does not answer' }).waitFor()
    await page.getByRole('alert').getByText('The name “nowhere.invalid” is not known').waitFor()
    expect(await place.hop('Name').textContent()).toContain('failed')
    expect(await place.hop('First answer').textContent()).toContain('not yet')
    expect(await violationsOf(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await until(async () => (await focusedName(page)) === 'Test')
  })

  it('ends when it is closed while the person is asked', async () => {
    await using mac = await startMacSshServer({ recording: macRecording })
    await fill(mac)
    await place.button('Test').click()
    await new QuestionCard(page).accept.waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await until(() => mac.connections() === 0)
    await place.button('Test').click()
    await new QuestionCard(page).refuse.click()
    await page.getByRole('alert').getByText('You did not accept the host key').waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  it('makes a key, puts it there with the password, and uses it from then on', async () => {
    await using mac = await startMacSshServer({
      ...{
        recording: macRecording,
        hasKey: false,
        password: 'correct horse',
        readsAuthorizedKeys: true,
      },
    })
    await fill({ ...mac, keyPath: '' })
    await place.button('Make a key…').click()
    const question = new QuestionCard(page)
    await question.accept.click()
    await question.secret.fill('wrong')
    await question.connect.click()
    await page.getByRole('alert').getByText('That password was not accepted').waitFor()
    await question.secret.fill('correct horse')
    await question.connect.click()
    await page.getByRole('heading', { name: '127.0.0.1 accepts the new key' }).waitFor()
    expect(await violationsOf(page)).toEqual([])
    const authorized = readFileSync(join(mac.homeDir, '.ssh/authorized_keys'), 'utf8')
    expect(authorized).toMatch(/^ssh-ed25519 \S+/m)
    await until(async () => (await focusedName(page)) === 'Use this key')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: '127.0.0.1 answers', exact: true }).waitFor()
    expect(await place.hop('Login').textContent()).toContain('id_ed25519')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const keyPath = await place.field('Key file').inputValue()
    const path = keyPath.replace('~', app.homeDir)
    expect(authorized).toContain(readFileSync(`${path}.pub`, 'utf8').split(' ')[1])
  })

  it.each([
    {
      answers: 'in half',
      shell: '/bin/sh "$@" | head -c 45',
      words: 'The answer was not understood',
    },
    {
      answers: 'with a megabyte of garbage',
      shell: '/bin/sh "$@" | head -c 45; head -c 1000000 /dev/urandom',
      words: 'The answer was not understood',
    },
    {
      answers: 'as a shell that runs nothing',
      shell: 'echo This account is currently not available.',
      words: 'The account may not do this',
    },
    { answers: 'never', shell: 'exec sleep 60', words: 'No answer came in time' },
  ])(
    'says what is wrong with a machine that answers $answers',
    async ({ shell, words }) => {
      const loginShell = join(dir, 'shell')
      writeFileSync(loginShell, `#!/bin/sh\n${shell}\n`)
      chmodSync(loginShell, 0o755)
      await using mac = await startMacSshServer({ recording: macRecording, loginShell })
      await fill(mac)
      await place.button('Test').click()
      await new QuestionCard(page).accept.click()
      await page.getByRole('alert').getByText(words).waitFor({ timeout: 30_000 })
      await page.getByRole('heading', { name: '127.0.0.1 answers, but cannot be used' }).waitFor()
      expect(await place.hop('Login').textContent()).toContain('passed')
      expect(await place.hop('First answer').textContent()).toContain('failed')
      await until(() => mac.connections() === 0)
      await place.button('Close').click()
    },
    60_000,
  )

  async function fill({
    port,
    account,
    keyPath,
  }: {
    port: number
    account: string
    keyPath: string
  }) {
    await place.field('Address').fill('127.0.0.1')
    await place.field('Port').fill(String(port))
    await place.field('Account').fill(account)
    await place.field('Key file').fill(keyPath)
  }
})
