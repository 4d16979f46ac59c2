import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { until } from '../support/until.ts'
import { WindowPage } from './pages/window-page.ts'
import { type App, startApp } from './support/app.ts'
import { violationsOf } from './support/axe.ts'
import { focusedName, tabTo } from './support/keyboard.ts'
import { writeRecordedTailscale } from './support/recorded-tailscale.ts'

/** A person's file as they are: a comment first, tabs, no newline at the end. */
const ownConfig = '# at work\nHost studio-berlin\n\tHostName studio-berlin.example.net\n\tUser ben'

/** The place for connecting, with a real core, a `tailscale` that prints a recorded status, and OpenSSH itself. */
describe('the place for connecting', () => {
  const homeDir = mkdtempSync(join(tmpdir(), 'studiolo-connect-'))
  const configPath = join(homeDir, '.ssh/config')
  let app: App
  let browser: Browser
  let page: Page
  let place: WindowPage

  beforeAll(async () => {
    mkdirSync(join(homeDir, '.ssh'), { mode: 0o700 })
    writeFileSync(configPath, ownConfig, { mode: 0o600 })
    const env = writeRecordedTailscale(homeDir, (peers) => {
      for (const peer of peers) {
        if (!peer.DNSName.startsWith('iphone-13')) continue
        peer.DNSName = peer.DNSName.replace('iphone-13', 'mac-studio')
        peer.OS = 'macOS'
      }
    })
    ;[app, browser] = await Promise.all([startApp({ homeDir, env }), launchBrowser()])
    const context = await browser.newContext({
      viewport: { width: 680, height: 640 },
      reducedMotion: 'reduce',
    })
    page = await context.newPage()
    place = new WindowPage(page)
    await page.goto(app.link)
    await page.locator('main > *').first().waitFor()
    await page.evaluate("location.hash = '#window/connect'")
  })
  afterAll(async () => {
    await browser?.close()
    await app?.close()
    rmSync(homeDir, { recursive: true, force: true })
  })

  function sshSays(alias: string): string {
    const { stdout } = spawnSync('ssh', ['-F', configPath, '-G', alias], { encoding: 'utf8' })
    return stdout
  }

  it('lists what the recorded status says, and offers to add what can be a Studio', async () => {
    await place.peer('mac-studio').waitFor({ timeout: 20_000 })
    expect(await place.peer('mac-studio').textContent()).toContain('macOS, 100.120.27.49, direct')
    expect(await place.peer('ipad157').textContent()).toContain('iOS, 100.78.141.76, idle')
    expect(await place.peer('ipad157').getByRole('button').count()).toBe(0)
    await page.getByText('2 of 2 online, says Tailscale').waitFor()
    await page.getByText('studio.tail0a1b2c.ts.net').waitFor()
    await page.getByText('Does not expire').waitFor()
    await page.getByText('owner@example.com').first().waitFor()
    expect(await violationsOf(page)).toEqual([])
  })

  it('says what Tailscale says when it is asked again', async () => {
    const running = readFileSync(join(homeDir, 'status.json'), 'utf8')
    const stopped = running.replace('"BackendState": "Running"', '"BackendState": "Stopped"')
    writeFileSync(join(homeDir, 'status.json'), stopped)
    await place.button('Check Tailscale again').click()
    await page.getByText('Tailscale is installed, but not connected.').waitFor()
    await place.button('Connect').waitFor()
    writeFileSync(join(homeDir, 'status.json'), running)
    await place.button('Check Tailscale again').click()
    await place.button('Disconnect…').waitFor()
  })

  it('adds a peer by keyboard, and goes to its test', async () => {
    await tabTo(page, 'Add mac-studio')
    await page.keyboard.press('Enter')
    await until(async () => (await focusedName(page)) === 'Account on mac-studio')
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type('-oops')
    await page.keyboard.press('Enter')
    await page.getByText('An account name has no spaces').waitFor()
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type('ana')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByRole('heading').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await place.host('ana@100.120.27.49').waitFor()
    const file = join(homeDir, '.config/studiolo/settings.json')
    const { hosts } = JSON.parse(readFileSync(file, 'utf8'))
    expect(hosts).toMatchObject([
      {
        ...{ name: 'mac-studio', target: '100.120.27.49', account: 'ana' },
        ...{ tailnetNodeId: 'nPEER22222222CNTRL', alias: 'mac-studio-tailscale' },
      },
    ])
  })

  it('offers the SSH configuration once, with the change in sight', async () => {
    await page.getByText('Know your Studios by name everywhere?').waitFor()
    await tabTo(page, 'Show the change')
    await page.keyboard.press('Enter')
    await place.diff.waitFor()
    await until(async () => (await focusedName(page)) === 'Add the Include line')
    expect(await violationsOf(page)).toEqual([])
    await place.button('Not now').click()
    await page.getByText('Know your Studios by name everywhere?').waitFor({ state: 'detached' })
    await page.reload()
    await place.host('mac-studio').waitFor()
    expect(await page.getByText('Know your Studios by name everywhere?').count()).toBe(0)
    expect(readFileSync(configPath, 'utf8')).toBe(ownConfig)
  })

  it('says that the file was changed meanwhile, and shows the new change', async () => {
    await place.goTo('Connection')
    await place.diff.getByText('# at work').waitFor()
    writeFileSync(configPath, ownConfig.replace('# at work', '# at home'))
    await place.button('Add the Include line').click()
    await page.getByText('The file was changed in the meantime').waitFor()
    await place.diff.getByText('# at home').waitFor()
    writeFileSync(configPath, ownConfig)
    await place.button('Add the Include line').click()
    await place.diff.getByText('# at work').waitFor()
  })

  it('includes its file, so that ssh knows the alias, and takes it out to the byte', async () => {
    expect(sshSays('mac-studio-tailscale')).toMatch(/^hostname mac-studio-tailscale$/m)
    await place.button('Add the Include line').click()
    await place.button('Remove…').waitFor()
    expect(await violationsOf(page)).toEqual([])
    const included = readFileSync(configPath, 'utf8')
    expect(included).toMatch(/^Include /)
    expect(included.endsWith(ownConfig)).toBe(true)
    const resolved = sshSays('mac-studio-tailscale')
    expect(resolved).toMatch(/^hostname 100\.120\.27\.49$/m)
    expect(resolved).toMatch(/^user ana$/m)
    expect(sshSays('studio-berlin')).toMatch(/^hostname studio-berlin\.example\.net$/m)
    await place.button('Studiolo’s file, studiolo.config').click()
    await page.getByText('Host mac-studio-tailscale').waitFor()

    await place.button('Remove…').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
    await place.button('Add the Include line').waitFor()
    expect(readFileSync(configPath, 'utf8')).toBe(ownConfig)
    expect(readdirSync(join(homeDir, '.ssh'))).not.toContain('studiolo.config')
  })

  it('names an alias that the own file has already, and leads to the editor of its host', async () => {
    writeFileSync(configPath, `${ownConfig}\n\nHost mac-studio-tailscale\n\tUser eva\n`)
    await page.reload()
    await page.getByText('The alias mac-studio-tailscale exists already').waitFor()
    await place.button('Edit mac-studio').click()
    await place.field('SSH alias').fill('-x')
    await place.button('Save').click()
    await page.getByText('begins with a letter or a digit').waitFor()
    await place.field('SSH alias').fill('upstairs')
    await place.button('Save').click()
    await place.host('mac-studio').waitFor()
    await place.goTo('Connection')
    await page.getByText('exists already').waitFor({ state: 'detached' })
    await place.button('Studiolo’s file, studiolo.config').click()
    await page.getByText('Host upstairs').waitFor()
  })
})
