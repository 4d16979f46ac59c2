import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { formatSettings } from '../../main/core/settings.ts'
import { parseRecording } from '../../main/hosts/recording/recording.ts'
import { plainHost } from '../../preload/contract/plain-host.ts'
import { defaultSettings, type SshHostConfig } from '../../preload/contract/settings.ts'
import { startApp } from '../e2e/support/app.ts'
import { fixtureNow } from '../support/fleet-fixtures.ts'
import { type MacSshServer, startMacSshServer } from '../support/mac-ssh-server.ts'
import { startStagedApp } from '../support/staged-app.ts'
import { stages } from '../support/window-stages.ts'
import type { PictureTaker } from './take.ts'

const root = join(import.meta.dirname, '../..')
const themes = ['light', 'dark'] as const
const places = ['hosts', 'add-host', 'settings', 'about'] as const
const size = { width: 680, height: 600 }

type Language = 'en' | 'zh-CN'

/** States that a real machine shows for a moment, or when something is broken: which place, and what is pressed there. */
const staged: Record<string, { stage: keyof typeof stages; place: string; press?: string[] }> = {
  connect: { stage: 'connected', place: 'connect' },
  'connect-add': { stage: 'connected', place: 'connect', press: ['connect.peers.add-name'] },
  'connect-log-in': { stage: 'log-in', place: 'connect' },
  'connect-stopped': { stage: 'stopped', place: 'connect' },
  'connect-health': { stage: 'relayed', place: 'connect' },
  'connect-not-installed': { stage: 'not-installed', place: 'connect' },
  'ssh-offer': { stage: 'offer', place: 'hosts', press: ['hosts.offer.show'] },
  'edit-host': { stage: 'connected', place: 'hosts', press: ['hosts.edit-name'] },
  'key-refused': { stage: 'offer', place: 'hosts', press: ['hosts.test-name'] },
  'key-set-up': {
    stage: 'offer',
    place: 'hosts',
    press: ['hosts.test-name', 'hosts.key-set-up.offer-button'],
  },
}

/** Pictures of the window's places, with one Studio that answers over SSH and one that does not. */
export async function takeWindow(browser: Browser, take: PictureTaker): Promise<void> {
  for (const language of ['en', 'zh-CN'] as const) {
    await takeStages(browser, language, take)
    const names = [...places, 'test'].map((place) => `window-${place}`)
    if (!names.some((name) => take.isWantedInAnyTheme(name, language))) continue
    await using mac = await startMacSshServer({
      recording: parseRecording(readFileSync(join(root, 'resources/demo/mac-studio.json'), 'utf8')),
    })
    const homeDir = createHome(mac, language)
    const app = await startApp({ homeDir })
    try {
      const context = await browser.newContext({
        deviceScaleFactor: 2,
        viewport: size,
        reducedMotion: 'reduce',
      })
      const page = await context.newPage()
      await page.goto(app.link)
      // Before that the address still holds the link's token.
      await page.getByRole('tablist').waitFor()
      await takePlaces(page, language, take)
      await takeTest(page, language, take)
      await context.close()
    } finally {
      await app.close()
      rmSync(homeDir, { recursive: true, force: true })
    }
  }
}

/** A home folder that knows the way to the Mac, and its key. */
function createHome(mac: MacSshServer, language: Language): string {
  const homeDir = mkdtempSync(join(tmpdir(), 'studiolo-'))
  const sshDir = join(homeDir, '.ssh')
  const settingsDir = join(homeDir, '.config/studiolo')
  mkdirSync(sshDir, { mode: 0o700 })
  mkdirSync(settingsDir, { recursive: true })
  const at = ['HostName 127.0.0.1', `Port ${mac.port}`, `User ${mac.account}`]
  const studio = ['Host mac-studio', ...at, `IdentityFile ${mac.keyPath}`].join('\n  ')
  writeFileSync(
    join(sshDir, 'config'),
    `${studio}\n\nHost studio-berlin\n  HostName studio-berlin.example.net\n\nHost studio-lab\n  HostName studio-lab.example.net\n`,
  )
  writeFileSync(join(sshDir, 'known_hosts'), `[127.0.0.1]:${mac.port} ${mac.hostKey}\n`)
  const hosts = [host('Mac Studio', 'mac-studio'), host('Studio Berlin', 'studio-berlin')]
  writeFileSync(
    join(settingsDir, 'settings.json'),
    formatSettings({ ...defaultSettings, language, hosts }),
  )
  return homeDir
}

function host(name: string, target: string): SshHostConfig {
  return { kind: 'ssh', id: target, name, target, ...plainHost }
}

async function show(page: Page, place: string) {
  await page.evaluate((to) => {
    location.hash = to
  }, `#window/${place}`)
  await page.locator('main > :not(h1)').first().waitFor()
  await page.waitForLoadState('networkidle')
}

async function takeStages(browser: Browser, language: Language, take: PictureTaker) {
  for (const [name, { stage, place, press = [] }] of Object.entries(staged)) {
    if (!take.isWantedInAnyTheme(`window-${name}`, language)) continue
    const { settings, ...rest } = stages[stage]
    await using app = await startStagedApp({ ...rest, settings: { ...settings, language } })
    const context = await browser.newContext({
      deviceScaleFactor: 2,
      viewport: size,
      reducedMotion: 'reduce',
    })
    const page = await context.newPage()
    await page.clock.setFixedTime(fixtureNow)
    await page.goto(app.link())
    await page.locator('main > *').first().waitFor()
    await show(page, place)
    for (const key of press) {
      const label = wordOf(language, `window.${key}`)
      await page.getByRole('button', { name: label }).first().click()
      await page.waitForLoadState('networkidle')
    }
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme })
      const isDialog = (await page.getByRole('dialog').count()) > 0
      // what is fixed to the top would stand in the middle of a long picture
      if (!isDialog) await page.evaluate('scrollTo(0, 0)')
      await take.picture(
        isDialog ? page : page.locator('body'),
        `window-${name}-${theme}-${language}`,
      )
    }
    await context.close()
  }
}

/** As a pattern: a name stands where the words have a gap. */
function wordOf(language: Language, key: string): RegExp {
  const words = JSON.parse(readFileSync(join(root, `resources/locales/${language}.json`), 'utf8'))
  const text: string = key.split('.').reduce((at, part) => at[part], words)
  return new RegExp(`^${text.replace(/\{\{\w+\}\}/g, '.+')}$`)
}

async function takePlaces(page: Page, language: Language, take: PictureTaker) {
  const { state } = wordsOf(language).link
  await show(page, 'hosts')
  for (const word of [state.live, state.unreachable])
    await page.getByRole('img', { name: word }).waitFor({ timeout: 20_000 })
  for (const place of places)
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme })
      await show(page, place)
      await take.picture(page.locator('body'), `window-${place}-${theme}-${language}`)
    }
}

async function takeTest(page: Page, language: Language, take: PictureTaker) {
  await show(page, 'hosts')
  await page.getByRole('listitem').first().getByRole('button').first().click()
  await page.getByRole('heading', { name: passed(language) }).waitFor()
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme })
    await take.picture(page, `window-test-${theme}-${language}`)
  }
}

function passed(language: Language): string {
  return wordsOf(language).window.hosts.test.passed.replace('{{name}}', 'Mac Studio')
}

interface Words {
  link: { state: { live: string; unreachable: string } }
  window: { hosts: { test: { passed: string } } }
}

function wordsOf(language: Language): Words {
  return JSON.parse(readFileSync(join(root, `resources/locales/${language}.json`), 'utf8'))
}
