import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { showDoctor, showState } from '../screenshots/gallery.ts'
import { doctorStories, storiesOfEachPart } from '../support/doctor-stories.ts'
import { until } from '../support/until.ts'
import { PopoverPage } from './pages/popover-page.ts'
import { violationsOf } from './support/axe.ts'
import { askedOf, useGallery } from './support/gallery.ts'
import { focusedName, tabTo } from './support/keyboard.ts'

/** Alerts, the doctor and tunnels from fixtures, by key presses alone. */
describe('connecting, by keyboard', () => {
  const gallery = useGallery()
  let page: Page
  let popover: PopoverPage

  async function open(options: BrowserContextOptions = {}) {
    page = await gallery.open(options)
    popover = new PopoverPage(page)
  }
  const asked = () => askedOf(page)
  const press = (key: string) => page.keyboard.press(key)
  const expanded = () => page.evaluate(() => document.activeElement?.getAttribute('aria-expanded'))

  it('connects Tailscale from the Host that is reached through it, and says it there only', async () => {
    await open()
    await showState(page, 'tailnet-stopped')
    expect(await popover.alerts.count()).toBe(0)
    await page.getByText('Tailscale is not connected').waitFor()
    await tabTo(page, 'Connect Tailscale')
    await press('Enter')
    expect(await asked()).toContain('startTailnet()')
  })

  it.each([
    ['alert', 'alert-job'],
    ['Host', 'tailnet-job'],
  ] as const)(
    'cancels the Job of an %s, and says why one failed with the command that helps',
    async (_what, state) => {
      await open()
      await showState(page, state)
      await page.getByRole('status').filter({ hasText: 'Connecting Tailscale…' }).waitFor()
      await tabTo(page, 'Cancel')
      await press('Enter')
      const cancelled = (await asked()).filter((call) => call.startsWith('cancel("this-machine"'))
      expect(cancelled).toHaveLength(1)
      await showState(page, `${state}-failed`)
      await page.getByRole('alert').waitFor()
      await tabTo(page, 'Copy')
      await press('Enter')
      expect(await asked()).toContain('copy("sudo tailscale set --operator=ana")')
    },
  )

  it('shows of a Tailscale that does not run what starts it', async () => {
    await open()
    await showState(page, 'tailnet-not-started')
    expect(await popover.alerts.count()).toBe(0)
    await page.getByText('Tailscale is not running').waitFor()
    await tabTo(page, 'Copy')
    await press('Enter')
    expect(await asked()).toContain('copy("sudo brew services start tailscale")')
  })

  it('shows the most severe alert, and the others behind their count', async () => {
    await open()
    await showState(page, 'alerts-three')
    const items = popover.alerts.getByRole('listitem')
    expect(await items.allInnerTexts()).toEqual([
      expect.stringContaining('The tailnet key of Studio Berlin has expired'),
    ])
    await tabTo(page, '2 more')
    await press('Enter')
    expect(await expanded()).toBe('true')
    const severities = await items
      .getByRole('img')
      .evaluateAll((marks) => marks.map((mark) => mark.getAttribute('aria-label')))
    expect(severities).toEqual([
      ...['Needs you', 'Look when you have time', 'Look when you have time'],
    ])
    expect(await violationsOf(page)).toEqual([])
  })

  it('opens the doctor from an alert and gives the focus back', async () => {
    await open()
    await showState(page, 'alert-one')
    await tabTo(page, 'Find out why')
    await press('Enter')
    await until(async () => (await focusedName(page)) === 'Connection to Mac Studio')
    await press('Escape')
    expect(await focusedName(page)).toBe('Find out why')
  })

  it('says which step broke, unfolds others, copies it all, and goes back before it closes', async () => {
    await open()
    await showDoctor(page, 'timeout')
    await press('Escape')
    expect(await focusedName(page)).toBe('Why can’t I connect?')
    await press('Enter')
    await until(async () => (await focusedName(page)) === 'Connection to Mac Studio')
    await popover.doctor.getByText('Stopped at: SSH port').waitFor()
    await popover.doctor.getByText('Possible causes').waitFor()
    await popover.step('SSH port').getByRole('img', { name: 'Failed' }).waitFor()
    await popover.doctor.getByText('6 steps passed').waitFor()
    await popover.doctor.getByText('6 steps not tried').waitFor()

    await press('Tab')
    await press('Enter')
    expect(await expanded()).toBe('true')
    await popover.doctor.getByText('Tailscale 1.102.4 is installed').waitFor()
    await press('Enter')
    expect(await expanded()).toBe('false')

    await tabTo(page, 'Copy as text')
    await press('Enter')
    await popover.doctor.getByRole('status').filter({ hasText: 'Copied' }).waitFor()
    const copied = (await asked()).find((call) => call.startsWith('copy('))
    expect(copied).toContain('Mac Studio')
    expect(copied).toContain('Possible cause: ')

    await press('Escape')
    await popover.doctor.waitFor({ state: 'detached' })
    expect(await focusedName(page)).toBe('Why can’t I connect?')
    expect(await asked()).not.toContain('closePopover()')
    await press('Escape')
    expect(await asked()).toContain('closePopover()')
  })

  it('is cancelled while it runs, and run again, with the focus on the same button', async () => {
    await open()
    await showDoctor(page, 'running')
    await popover.step('SSH port').getByRole('img', { name: 'Running' }).waitFor()
    await popover.step('Host key').getByRole('img', { name: 'Waiting' }).waitFor()
    await tabTo(page, 'Cancel')
    await press('Enter')
    await popover.doctor.getByText('Cancelled before the end.').waitFor()
    expect(await focusedName(page)).toBe('Run again')
    await press('Enter')
    await popover.doctor.getByText('Trying each step…').waitFor()
    expect((await asked()).filter((call) => call === 'doctor("studio")')).toHaveLength(2)
  })

  it('checks the connection from the menu, and goes back to its button', async () => {
    await open()
    await showState(page, 'live')
    await tabTo(page, 'More ways to connect')
    await press('Enter')
    await page.getByRole('menuitem', { name: 'Check the connection…' }).waitFor()
    await page.keyboard.type('Check')
    await press('Enter')
    await until(async () => (await focusedName(page)) === 'Connection to Mac Studio')
    await popover.doctor.getByText('Every step works.').waitFor()
    await press('Escape')
    expect(await focusedName(page)).toBe('More ways to connect')
  })

  it('opens the preferred editor with one stroke, from the moment that the popover is there', async () => {
    await open()
    await showState(page, 'live')
    await press('Control+Enter')
    await until(async () => (await asked()).includes('open("studio", "cursor")'))
  })

  it('copies the ssh command that the core says', async () => {
    await open()
    await showState(page, 'live')
    await tabTo(page, 'More ways to connect')
    await press('Enter')
    await page.getByRole('menuitem', { name: 'Copy the ssh command' }).waitFor()
    await page.keyboard.type('Copy the ssh')
    await press('Enter')
    await page.getByText('The command is copied.').waitFor()
    expect(await asked()).toEqual(
      expect.arrayContaining(['sshCommand("studio")', 'copy("ssh mac-studio")']),
    )
  })

  it('offers the Include line where an editor cannot be given a key', async () => {
    await open()
    await showState(page, 'live')
    await page.evaluate(() => {
      location.hash += '&fails=connect.key-needs-alias'
    })
    await page.locator('[data-shown$="fails=connect.key-needs-alias"] main > *').first().waitFor()
    await tabTo(page, 'Open in Cursor')
    await press('Enter')
    await page.getByRole('alert').getByText('the key ~/.ssh/k').waitFor()
    expect(await violationsOf(page)).toEqual([])
    await tabTo(page, 'Add the Include line…')
    await press('Enter')
    await until(async () => (await asked()).includes('openWindow("connect")'))
  })

  it('leaves that stroke to a form', async () => {
    await open()
    await showState(page, 'asking-password')
    await page.getByLabel(/^Password/).focus()
    await press('Control+Enter')
    await showState(page, 'live')
    await tabTo(page, 'More ways to connect')
    await press('Enter')
    await page.getByRole('menuitem', { name: 'Open a tunnel…' }).waitFor()
    await page.keyboard.type('Open a t')
    await press('Enter')
    await until(async () => (await focusedName(page)).startsWith('Ollama'))
    await tabTo(page, 'Any other port')
    await press('Control+Enter')
    expect((await asked()).filter((call) => call.startsWith('open('))).toEqual([])
  })

  it.each([
    ['unreachable', true],
    ['auth', true],
    ['not-installed', false],
  ])('shows the doctor after an editor failed with %s: %s', async (code, isShown) => {
    await open()
    await showState(page, 'live')
    await page.evaluate((more) => {
      location.hash += more
    }, `&fails=${code}`)
    await page.locator(`[data-shown$="fails=${code}"] main > *`).first().waitFor()
    await tabTo(page, 'Open in Cursor')
    await press('Enter')
    if (isShown) {
      await until(async () => (await focusedName(page)) === 'Connection to Mac Studio')
      await press('Escape')
      expect(await focusedName(page)).toBe('Open in Cursor')
    } else {
      await page.getByRole('alert').waitFor()
      expect(await popover.doctor.count()).toBe(0)
    }
  })

  it('asks for a tunnel with one Enter, names who holds the port, and offers another', async () => {
    await open()
    await showState(page, 'live')
    await tabTo(page, 'More ways to connect')
    await press('Enter')
    await page.getByRole('menuitem', { name: 'Open a tunnel…' }).waitFor()
    await page.keyboard.type('Open a t')
    await press('Enter')
    await until(async () => (await focusedName(page)).startsWith('Ollama'))
    await press('ArrowDown')
    expect(await focusedName(page)).toMatch(/^JupyterLab/)
    await press('ArrowUp')
    await press('Enter')
    await page.getByText('Port 11434 on this computer is in use by ollama.').waitFor()
    expect(await violationsOf(page)).toEqual([])
    await tabTo(page, 'Use 11435 instead')
    await press('Enter')
    await until(async () => (await asked()).at(-1)?.includes('"localPort":11435'))
    await press('Escape')
    expect(await focusedName(page)).toBe('More ways to connect')
    expect(await asked()).not.toContain('closePopover()')
  })

  it('closes a tunnel and copies its address', async () => {
    await open()
    await showState(page, 'tunnels')
    await tabTo(page, 'Copy 127.0.0.1:8889')
    await press('Enter')
    await tabTo(page, 'Close the tunnel to JupyterLab')
    await press('Enter')
    await until(async () => (await asked()).includes('closeTunnel("studio", "tunnel-8888")'))
    expect(await asked()).toContain('copy("127.0.0.1:8889")')
  })

  /** One of each mark and each kind of remedy. */
  const typical = ['asleep', 'host-key-changed', 'key-not-found', 'relay', 'running']

  it.each([
    { colorScheme: 'light', contrast: 'no-preference', shown: storiesOfEachPart() },
    { colorScheme: 'dark', contrast: 'no-preference', shown: typical },
    { colorScheme: 'light', contrast: 'more', shown: typical },
    { colorScheme: 'dark', contrast: 'more', shown: typical },
  ] as const)(
    'has no accessibility violation in the doctor, $colorScheme, contrast $contrast',
    async ({ colorScheme, contrast, shown }) => {
      await open({ colorScheme, contrast })
      const found: Record<string, unknown> = {}
      for (const story of shown) {
        await showDoctor(page, story)
        const violations = await violationsOf(page)
        if (violations.length > 0) found[story] = violations
      }
      expect(found).toEqual({})
    },
    180_000,
  )

  it.each(['en', 'zh-CN'])(
    'stays inside 380 px in the doctor, in %s',
    async (language) => {
      await open()
      for (const story of doctorStories) {
        await showDoctor(page, story, language)
        const wide = await page.evaluate(() =>
          [...document.querySelectorAll('main *')].flatMap((element) => {
            const isHidden = element.closest('.sr-only, .truncate, [hidden]') !== null
            const isCut = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0
            return isCut && !isHidden ? [element.outerHTML.slice(0, 160)] : []
          }),
        )
        expect({ story, wide }).toEqual({ story, wide: [] })
        expect(await page.locator('main').textContent()).not.toMatch(
          /\b(popover|doctor)\.[a-z-]+\./,
        )
      }
    },
    120_000,
  )
})
