import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest'
import { PopoverPage } from '../e2e/pages/popover-page.ts'
import { QuestionCard } from '../e2e/pages/question-card.ts'
import { WindowPage } from '../e2e/pages/window-page.ts'
import { type App, startApp } from '../e2e/support/app.ts'
import { launchBrowser } from '../support/browser.ts'
import { until } from '../support/until.ts'
import { attempt, command } from './support/commands.ts'
import { shellsOf } from './support/far-side.ts'
import { largeModel } from './support/installed.ts'
import { type FarOllama, startOllama } from './support/ollama.ts'
import { type Studio, startStudio } from './support/studio.ts'

/** What a busy machine may add to the times that a person is promised. */
const busyMs = 3_000

/**
 * The main journey, from an empty home folder, in a browser: add the Studio over real SSH, see its memory, load and unload a
 * model of a real Ollama there, lose it and have it back. Its steps build on each other.
 */
describe('journey with a real Studio', () => {
  let studio: Studio
  let ollama: FarOllama
  let app: App
  let browser: Browser
  let page: Page
  let popover: PopoverPage
  const errors: string[] = []

  beforeAll(async () => {
    studio = await startStudio()
    ;[ollama, app, browser] = await Promise.all([startOllama(studio), startApp(), launchBrowser()])
    page = await browser.newPage({ viewport: { width: 700, height: 1000 } })
    page.on('pageerror', (error) => errors.push(String(error)))
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
    await studio?.close()
  })

  const untilState = (words: string, withinMs: number) =>
    page
      .getByRole('status')
      .filter({ hasText: `Studio: ${words}` })
      .waitFor({ state: 'attached', timeout: withinMs })

  it('tests the way to a new host and accepts its key after a look at the fingerprint', async () => {
    await page.getByRole('button', { name: 'Add a Mac Studio' }).click()
    const place = new WindowPage(page)
    await place.field('Address').fill(studio.address)
    await place.field('Name').fill('Studio')
    await place.field('Account').fill(studio.account.name)
    await place.field('Port').fill(String(studio.port))
    await place.field('Key file').fill(studio.keyPath)
    await place.button('Test').click()

    const question = new QuestionCard(page)
    await question.fingerprint.waitFor()
    // with nothing known of the host, OpenSSH prefers its ed25519 key; so do we
    expect(await question.fingerprint.textContent()).toBe(studio.fingerprint('ed25519'))
    await question.accept.click()
    await place.test.getByText('Studio answers').waitFor()
    // name, TCP, SSH, host key, login, first answer
    expect(await place.test.getByText('passed', { exact: true }).count()).toBe(6)
    const known = `${app.homeDir}/.ssh/known_hosts`
    const found = command('ssh-keygen', '-F', `[${studio.address}]:${studio.port}`, '-lf', known)
    expect(found).toContain(studio.fingerprint('ed25519'))

    await place.button('Close').click()
    await place.button('Add').click()
    await place.host('Studio').waitFor()
    await place.back()
  })

  it('shows the Studio live, without asking about its key again', async () => {
    await popover.host(/Studio/).click()
    await untilState('Live', 20_000)
    expect(await popover.barText()).toMatch(/^Memory, \d+(\.\d)? GB: /)
    expect(shellsOf(studio.account.userId)).toHaveLength(1)
  })

  it('shows memory move when it is taken there, and when it is given back', async () => {
    const before = await popover.barPart('Free')
    expect(before).toBeGreaterThan(4)
    const takes = '$held = "x" x 2_500_000_000; sleep 3600'
    const taker = studio.spawn(['perl', '-e', takes], { as: studio.account })
    await until(async () => (await popover.barPart('Free')) < before - 1.8, { withinMs: 20_000 })
    taker.kill('SIGKILL')
    await until(async () => (await popover.barPart('Free')) > before - 0.7, { withinMs: 20_000 })
  })

  it('loads a model, shows it in the list and in the bar, and unloads it', async () => {
    // the bar leaves a part out where there is nothing of it
    const inModels = async () => (await popover.barPart('Models')) || 0
    expect(await inModels()).toBe(0)
    await popover.load(largeModel).click()
    await popover.unload(largeModel).waitFor({ timeout: 30_000 })
    await popover.model(largeModel).getByText('unloads in').waitFor()
    // Ollama says how much the model takes: 157 MB of weights, with its cache and its graph
    await until(async () => (await inModels()) >= 0.1)
    expect(ollama.runners()).toHaveLength(1)

    await popover.unload(largeModel).click()
    await popover.load(largeModel).waitFor({ timeout: 30_000 })
    await until(async () => (await inModels()) === 0)
    await until(() => ollama.runners().length === 0)
  })

  it('says when the Studio is lost, step by step, and has it back within seconds', async () => {
    await untilState('Live', 30_000)
    const shellBefore = shellsOf(studio.account.userId)
    expect(shellBefore).toHaveLength(1)
    const cutAt = performance.now()
    studio.cut()
    await untilState('No answer', 30_000)
    const staleMs = performance.now() - cutAt
    await untilState('Unreachable', 30_000)
    const unreachableMs = performance.now() - cutAt
    // 3 s and 10 s, counted from the last answer, which was up to a second before the cut
    expect(staleMs).toBeGreaterThan(1_800)
    expect(staleMs).toBeLessThan(3_000 + busyMs)
    expect(unreachableMs).toBeGreaterThan(8_800)
    expect(unreachableMs).toBeLessThan(10_000 + busyMs)

    const mendedAt = performance.now()
    studio.mend()
    await untilState('Live', 30_000)
    expect(performance.now() - mendedAt).toBeLessThan(3_000 + busyMs)
  })

  it('leaves one shell on the far side, not two', async () => {
    await until(() => shellsOf(studio.account.userId).length === 1, { withinMs: 30_000 })
  })

  it('shows a killed connection as what it is, and makes a new one', async () => {
    const sessions = attempt('pgrep', '-u', String(studio.account.userId), 'sshd').stdout
    for (const pid of sessions.split('\n').filter(Boolean)) process.kill(Number(pid), 'SIGKILL')
    await until(() => shellsOf(studio.account.userId).length === 0)
    await until(() => shellsOf(studio.account.userId).length === 1)
    await untilState('Live', 10_000)
  })

  it('made no error in the page on the way', () => {
    expect(errors).toEqual([])
  })
})
