import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { type MacSshServer, startMacSshServer } from '../support/mac-ssh-server.ts'
import { until } from '../support/until.ts'
import { PopoverPage } from './pages/popover-page.ts'
import { type App, startApp } from './support/app.ts'
import { violationsOf } from './support/axe.ts'
import { focusedName, tabTo } from './support/keyboard.ts'
import { createMacHome, macRecording } from './support/mac-home.ts'

/** With a Mac over SSH (played by a recording), in the built app. */
describe('connecting to a Mac over SSH', () => {
  let mac: MacSshServer & AsyncDisposable
  let app: App
  let homeDir: string
  let browser: Browser
  let page: Page
  let popover: PopoverPage

  beforeAll(async () => {
    mac = await startMacSshServer({ recording: macRecording })
    homeDir = createMacHome(mac, { target: 'mac-studio', port: null, account: null })
    const way = ['HostName 127.0.0.1', `Port ${mac.port}`, `User ${mac.account}`]
    const lines = ['Host mac-studio', ...way, `IdentityFile ${mac.keyPath}`]
    writeFileSync(join(homeDir, '.ssh/config'), `${lines.join('\n  ')}\n`)
    ;[app, browser] = await Promise.all([startApp({ homeDir }), launchBrowser()])
    const context = await browser.newContext({
      viewport: { width: 760, height: 1200 },
      reducedMotion: 'reduce',
    })
    page = await context.newPage()
    popover = new PopoverPage(page)
    await page.goto(app.link)
    await popover.host(/Studio upstairs/).click()
    await popover.model('deepseek-v3').waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await app?.close()
    await mac?.close()
    rmSync(homeDir, { recursive: true, force: true })
  })

  it('opens a tunnel through which Ollama answers here, and closes it', async () => {
    await tabTo(page, 'More ways to connect')
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Open a tunnel…' }).waitFor()
    await page.keyboard.type('Open a t')
    await page.keyboard.press('Enter')
    await until(async () => (await focusedName(page)).startsWith('Ollama'))
    await page.keyboard.press('Enter')
    const row = popover.tunnel('Ollama')
    await row.waitFor()
    const address = (await row.getByRole('link').textContent()) ?? ''
    expect(address).toMatch(/^127\.0\.0\.1:\d+$/)
    const answer = await fetch(`http://${address}/api/tags`)
    expect(JSON.stringify(await answer.json())).toContain('deepseek-v3')
    expect(await violationsOf(page)).toEqual([])
    await tabTo(page, 'Close the tunnel to Ollama')
    await page.keyboard.press('Enter')
    await row.waitFor({ state: 'detached' })
    await expect(fetch(`http://${address}/api/tags`)).rejects.toThrow()
    expect(await focusedName(page)).toBe('More ways to connect')
  }, 60_000)

  it('finds every step of a healthy connection good, none of them Tailscale’s', async () => {
    await tabTo(page, 'More ways to connect')
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Check the connection…' }).waitFor()
    await page.keyboard.type('Check')
    await page.keyboard.press('Enter')
    await popover.doctor.getByRole('button', { name: 'Run again' }).waitFor({ timeout: 30_000 })
    const passed = popover.step('steps passed')
    await passed.getByRole('button').click()
    for (const name of ['SSH port', 'SSH answers', 'Host key', 'Login', 'First command']) {
      await passed.getByRole('listitem').filter({ hasText: name }).waitFor()
    }
    await popover.doctor.getByText('Not through Tailscale').waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.keyboard.press('Escape')
    expect(await focusedName(page)).toBe('More ways to connect')
  }, 60_000)

  it('says that the SSH port is what broke when the Mac is gone', async () => {
    await mac.close()
    await page.getByRole('status').filter({ hasText: 'Unreachable' }).waitFor({ timeout: 15_000 })
    await tabTo(page, 'Why can’t I connect?')
    await page.keyboard.press('Enter')
    await popover.doctor.getByText('Stopped at: SSH port').waitFor({ timeout: 30_000 })
    await popover.step('SSH port').getByRole('img', { name: 'Failed' }).waitFor()
    await popover.doctor.getByText('Remote Login is off').waitFor()
  }, 60_000)
})
