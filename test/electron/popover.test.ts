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
    await app.clickTray()
    await until(() =>
      app.evaluate('electron.BrowserWindow.getAllWindows()[0]?.isVisible() ?? false'),
    )
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

  it('knows when nobody looks', async () => {
    expect(await app.inPopover('document.visibilityState')).toBe('visible')
    await app.clickTray()
    await until(async () => (await app.inPopover('document.visibilityState')) === 'hidden')
    await app.clickTray()
    await until(async () => (await app.inPopover('document.visibilityState')) === 'visible')
  })
})
