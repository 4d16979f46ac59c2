import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Bridge } from '../../preload/port.ts'
import { PopoverPage } from '../e2e/pages/popover-page.ts'
import { until } from '../support/until.ts'
import { type From, Home, RunningApp } from './support/app.ts'

declare global {
  interface Window {
    studiolo?: Bridge
  }
}

/** The menu-bar app with the demo Studio, as a person has it before them. */
describe.each<From>(['sources', 'packed'])('the app, %s', (from) => {
  let home: Home
  let app: RunningApp

  beforeAll(async () => {
    home = new Home()
    app = await RunningApp.start(from, home, ['--demo', '--hidden'])
  })
  afterAll(async () => {
    await app?.close()
    home?.remove()
  })

  it('starts as an icon, with no window', async () => {
    const trays = await app.electron.evaluate(() =>
      (globalThis as unknown as { trays: Electron.Tray[] }).trays.map((tray) => tray.eventNames()),
    )
    expect(trays).toEqual([expect.arrayContaining(['click', 'right-click', 'mouse-down'])])
    expect(await app.windows()).toEqual([])
  })

  describe('popover', () => {
    it('opens and closes with clicks on the icon, and keeps its page', async () => {
      const page = await app.openPopover()
      await app.closePopover()
      expect(await app.windows()).toHaveLength(1)
      expect(await app.openPopover()).toBe(page)
      expect(await app.windows()).toHaveLength(1)
    })

    it('is 380 px wide, inside the work area, above everything, and in no task bar', async () => {
      await app.openPopover()
      const [shown, workArea] = await app.electron.evaluate(({ BrowserWindow, screen }) => {
        const [window] = BrowserWindow.getAllWindows()
        return [
          { bounds: window?.getBounds(), isOnTop: window?.isAlwaysOnTop() },
          screen.getPrimaryDisplay().workArea,
        ] as const
      })
      const { bounds } = shown
      if (bounds === undefined) throw new Error('no popover')
      expect(shown.isOnTop).toBe(true)
      expect(bounds.width).toBe(380)
      expect(bounds.x).toBeGreaterThanOrEqual(workArea.x)
      expect(bounds.y).toBeGreaterThanOrEqual(workArea.y)
      expect(bounds.x + bounds.width).toBeLessThanOrEqual(workArea.x + workArea.width)
      expect(bounds.y + bounds.height).toBeLessThanOrEqual(workArea.y + workArea.height)
    })

    it('closes with Esc', async () => {
      const page = await app.openPopover()
      await new PopoverPage(page).memory.waitFor()
      await page.keyboard.press('Escape')
      await until(async () => !(await app.isPopoverOpen()))
    })

    it('closes when it loses the focus, and the click that took it does not open it again', async () => {
      await app.openPopover()
      await app.electron.evaluate(({ BrowserWindow }) => {
        const [tray] = (globalThis as unknown as { trays: Electron.Tray[] }).trays
        BrowserWindow.getAllWindows()[0]?.emit('blur')
        tray?.emit('click', {} as Electron.KeyboardEvent, tray.getBounds(), { x: 0, y: 0 })
      })
      expect(await app.isPopoverOpen()).toBe(false)
    })
  })

  describe('main journey', () => {
    it('shows the numbers, loads a model, shows it in the bar, and unloads it', async () => {
      const page = await app.openPopover()
      const popover = new PopoverPage(page)
      await popover.room.waitFor()
      expect(await popover.barText()).toMatch(/^Memory, \d+(\.\d)? GB: /)
      const name = 'gemma3:27b'
      const before = await until(async () => (await popover.barPart('Models')) || null)
      await popover.load(name).click()
      await popover.unload(name).waitFor({ timeout: 60_000 })
      await until(async () => (await popover.barPart('Models')) > before + 10)
      await popover.unload(name).click()
      await popover.load(name).waitFor({ timeout: 30_000 })
      await until(async () => Math.abs((await popover.barPart('Models')) - before) < 1)
    }, 120_000)
  })

  describe('page', () => {
    it('has no Node, and of the preload only the one function', async () => {
      const page = await app.openPopover()
      const seen = await page.evaluate(() => ({
        node: ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in window),
        bridge: Object.keys(window.studiolo ?? {}),
      }))
      expect(seen).toEqual({ node: [], bridge: ['requestPort'] })
    })

    it('cannot reach into the preload: their worlds are apart', async () => {
      const page = await app.openPopover()
      const arrived = await page.evaluate(
        () =>
          new Promise((resolve) => {
            window.postMessage = () => resolve('the page saw the preload at work')
            window.addEventListener('message', ({ ports }) => resolve(ports.length), { once: true })
            window.studiolo?.requestPort()
            setTimeout(() => resolve('nothing came'), 5_000)
          }),
      )
      expect(arrived).toBe(1)
      await page.reload().catch(() => undefined)
    })

    it('runs with the sandbox and isolation on, and Node off', async () => {
      await app.openPopover()
      const preferences = await app.electron.evaluate(({ webContents }) =>
        webContents.getAllWebContents().map((contents) => {
          const { sandbox, contextIsolation, nodeIntegration, webviewTag } = (
            contents as unknown as { getLastWebPreferences(): Electron.WebPreferences }
          ).getLastWebPreferences()
          return { sandbox, contextIsolation, nodeIntegration, webviewTag }
        }),
      )
      expect(preferences).toEqual([
        { sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false },
      ])
    })

    it('goes nowhere else', async () => {
      const page = await app.openPopover()
      const url = page.url()
      await page.evaluate(() => {
        location.href = 'https://example.org/'
      })
      await page.evaluate(() => {
        location.href = 'file:///etc/passwd'
      })
      const opened = await page.evaluate(() => window.open('https://example.org/') === null)
      expect(opened).toBe(true)
      expect(page.url()).toBe(url)
      expect(await app.windows()).toHaveLength(1)
    })

    it('loads nothing but our own files', async () => {
      const page = await app.openPopover()
      const answers = await page.evaluate(async () => {
        const load = (src: string) =>
          new Promise<string>((resolve) => {
            const image = new Image()
            image.onload = () => resolve('loaded')
            image.onerror = () => resolve('refused')
            image.src = src
          })
        const call = (url: string) =>
          fetch(url).then(
            ({ status }) => status,
            () => 'refused',
          )
        return await Promise.all([
          load('https://example.org/a.png'),
          load('file:///usr/share/pixmaps/a.png'),
          load('studiolo://app/../../build/icon.png'),
          call('http://127.0.0.1:11434/api/version'),
          call('studiolo://other/index.html'),
        ])
      })
      expect(answers).toEqual(Array(5).fill('refused'))
    })

    it('is refused by the session too, not only by its own policy', async () => {
      const answer = await app.electron.evaluate(
        ({ net }) =>
          new Promise((resolve) => {
            const request = net.request('http://127.0.0.1:9/')
            request.on('response', () => resolve('answered'))
            request.on('error', ({ message }) => resolve(message))
            request.end()
          }),
      )
      expect(answer).toBe('net::ERR_BLOCKED_BY_CLIENT')
    })

    it('runs no code that came as text', async () => {
      const page = await app.openPopover()
      const ran = await page.evaluate(async () => {
        const script = document.createElement('script')
        script.textContent = 'window.injected = true'
        document.head.append(script)
        const button = document.createElement('button')
        button.setAttribute('onclick', 'window.injected = true')
        button.click()
        await new Promise((resolve) => setTimeout(resolve))
        return 'injected' in window
      })
      expect(ran).toBe(false)
    })

    it('is given no permission but to copy', async () => {
      const page = await app.openPopover()
      const answers = await page.evaluate(async () => {
        const refused = () => 'denied'
        const given = () => 'granted'
        return {
          notifications: await Notification.requestPermission(),
          camera: await navigator.mediaDevices.getUserMedia({ video: true }).then(given, refused),
          place: await new Promise((resolve) =>
            navigator.geolocation.getCurrentPosition(
              () => resolve('granted'),
              () => resolve('denied'),
            ),
          ),
          reading: await navigator.clipboard.readText().then(given, refused),
          copying: await navigator.clipboard.writeText('studio.local').then(given, refused),
        }
      })
      expect(answers).toEqual({
        notifications: 'denied',
        camera: 'denied',
        place: 'denied',
        reading: 'denied',
        copying: 'granted',
      })
    })
  })
})
