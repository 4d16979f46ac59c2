import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { BareApp, Home } from './support/app.ts'

/** What a debugger on the page would change: its size, and whether it is seen. */
describe('the popover, left alone', () => {
  let home: Home
  let app: BareApp

  beforeAll(async () => {
    home = new Home()
    app = await BareApp.start('sources', home, ['--demo', '--hidden'])
    await app.openPopover()
  })
  afterAll(async () => {
    await app?.close()
    home?.remove()
  })

  const height = () => app.evaluate('electron.BrowserWindow.getAllWindows()[0].getBounds().height')
  const contentHeight = () => app.inPopover('document.body.getBoundingClientRect().height')

  it('is as high as its content', async () => {
    await until(async () => Number(await contentHeight()) > 300)
    await until(async () => (await height()) === (await contentHeight()))
  })

  it('grows with the content, never beyond the work area, and shrinks again', async () => {
    await app.inPopover(
      "document.body.insertAdjacentHTML('beforeend', '<div id=extra style=height:2000px></div>'); 0",
    )
    const workHeight = Number(
      await app.evaluate('electron.screen.getPrimaryDisplay().workArea.height'),
    )
    await until(async () => Number(await height()) > workHeight - 20)
    expect(Number(await height())).toBeLessThanOrEqual(workHeight)
    await app.inPopover('document.getElementById("extra").remove()')
    await until(async () => (await height()) === (await contentHeight()))
    expect(Number(await height())).toBeLessThan(workHeight - 20)
  })

  describe('while it asks for something that is elsewhere', () => {
    const isVisible = () => app.isPopoverOpen()
    /** As when the person turns to another app. */
    const loseFocus = () => app.evaluate("electron.BrowserWindow.getAllWindows()[0].emit('blur')")
    const gainFocus = () => app.evaluate("electron.BrowserWindow.getAllWindows()[0].emit('focus')")
    const isFormShown = () => app.inPopover('document.querySelector("form") !== null')
    const press = (key: string) =>
      app.inPopover(
        `document.dispatchEvent(new KeyboardEvent('keydown', { key: '${key}', bubbles: true })); 0`,
      )

    /** Clicks the first of these that has the text, once it is there. */
    const click = (selector: string, text: string) => {
      const found = `[...document.querySelectorAll('${selector}')].find((one) => one.textContent.includes('${text}'))`
      return until(() =>
        app.inPopover(`(() => { const one = ${found}; one?.click(); return one !== undefined })()`),
      )
    }

    async function openTunnelForm() {
      await click('section [aria-haspopup=menu]', '')
      await click('[role=menuitem]', 'tunnel')
      await until(isFormShown)
      // the page says so a moment later
      await until(async () => {
        await loseFocus()
        if (await isVisible()) return true
        await app.openPopover()
        return false
      })
    }

    it('stays open without the focus, and closes with Esc and with the icon', async () => {
      await openTunnelForm()
      await loseFocus()
      expect(await isVisible()).toBe(true)
      await app.clickTray()
      await until(async () => !(await isVisible()))
      await app.openPopover()
      await gainFocus()
      expect(await isFormShown()).toBe(true)
      await press('Escape')
      await until(async () => !(await isFormShown()))
      await press('Escape')
      await until(async () => !(await isVisible()))
      await app.openPopover()
    })

    it('closes as always once it asks no more, at once where the focus is elsewhere', async () => {
      await openTunnelForm()
      await gainFocus()
      await press('Escape')
      await until(async () => !(await isFormShown()))
      expect(await isVisible()).toBe(true)
      await openTunnelForm()
      await press('Escape')
      await until(async () => !(await isVisible()))
      await app.openPopover()
      await loseFocus()
      expect(await isVisible()).toBe(false)
      await app.openPopover()
    })
  })

  it('knows when nobody looks', async () => {
    expect(await app.inPopover('document.visibilityState')).toBe('visible')
    await app.clickTray()
    await until(async () => (await app.inPopover('document.visibilityState')) === 'hidden')
    await app.openPopover()
    await until(async () => (await app.inPopover('document.visibilityState')) === 'visible')
  })
})
