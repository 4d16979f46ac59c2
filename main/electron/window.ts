import { join } from 'node:path'
import { app, BrowserWindow, nativeTheme, screen, type WebPreferences } from 'electron'
import type { HostToOpen } from '../../preload/contract/app.ts'
import type { Log } from '../core/ports.ts'
import { pageUrl, type WindowPlace } from './addresses.ts'
import { usablePlace } from './place.ts'
import type { PlaceStore } from './settings.ts'

/** What every page of ours runs with; `guard.ts` denies the rest. */
export const pagePreferences: Readonly<WebPreferences> = {
  preload: join(app.getAppPath(), 'out/preload/index.cjs'),
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  webviewTag: false,
  spellcheck: false,
}

/** The colour before the first paint, so that opening does not flash; the page paints over it. */
export function backgroundColour(): string {
  return nativeTheme.shouldUseDarkColors ? '#1e1e20' : '#f5f5f7'
}

export interface MainWindow {
  /** Shows the window at a place; one that is open goes there. */
  open(place: WindowPlace, host?: HostToOpen): Promise<void>
}

/** The one window: hosts, settings, about. It is made on demand, and gone when it is closed. */
export function createMainWindow(places: PlaceStore, log: Log): MainWindow {
  let window: BrowserWindow | null = null

  function create(): BrowserWindow {
    const remembered = usablePlace(places.get(), screen.getAllDisplays())
    const created = new BrowserWindow({
      width: 860,
      height: 620,
      ...remembered,
      minWidth: 640,
      minHeight: 440,
      show: false,
      title: app.name,
      autoHideMenuBar: true,
      fullscreenable: false,
      backgroundColor: backgroundColour(),
      webPreferences: pagePreferences,
    })
    created.once('ready-to-show', () => created.show())
    created.on('close', () => places.set(created.getNormalBounds()))
    created.on('closed', () => {
      window = null
      void app.dock?.hide()
    })
    created.webContents.on('render-process-gone', () => created.destroy())
    return created
  }

  return {
    async open(place, host) {
      // without an icon in the Dock a window is lost behind others: ⌘Tab does not know it
      void app.dock?.show()
      const isNew = window === null
      window ??= create()
      const shown = window
      if (!isNew) {
        if (shown.isMinimized()) shown.restore()
        shown.show()
      }
      app.focus({ steal: true })
      const url = pageUrl(`window/${place}`, host)
      // the same address once more would load the page anew, and with it what the person typed
      if (shown.webContents.getURL() === url) return
      try {
        await shown.loadURL(url)
      } catch (error) {
        log.error('window: its page did not load', { error: String(error) })
      }
    },
  }
}
