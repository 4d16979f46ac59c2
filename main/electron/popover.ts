import { BrowserWindow, screen } from 'electron'
import type { Clock, Log } from '../core/ports.ts'
import { pageUrl } from './addresses.ts'
import { type Anchor, placePopover } from './place.ts'
import { createPressMemory } from './press.ts'
import { backgroundColour, pagePreferences } from './window.ts'

/** The width is the design's; the height follows the page. */
const width = 380
const firstHeight = 560
/** A page that fills up step by step is followed once it has come to rest, and what is lower than this has not begun. */
const settleMs = 80
const leastHeight = 160

export interface Popover {
  /** The button went down on the icon; its click may follow. */
  pressStarted(): void
  /** A click on the icon, or the shortcut: opens, or closes what was open when the press began. */
  click(anchor: Anchor): void
  /** Opens without a click; where the icon is, is asked when the page can be shown: a new icon needs a moment. */
  show(anchorOf: () => Anchor): void
  close(): void
  /** Whether it stays open when it loses the focus; one that has lost it is then closed with the hold. */
  hold(isHeld: boolean): void
  /** Drops a page that is kept; the next opening makes a new one, from the settings as they are then. */
  forget(): void
}

/** The panel under the icon. Closed it is hidden, so that it opens at once; after `keptMs` its page is destroyed. */
export function createPopover(options: { clock: Clock; log: Log; keptMs: number }): Popover {
  const { clock, log, keptMs } = options
  const press = createPressMemory(clock.monotonic)
  let panel: BrowserWindow | null = null
  let isReady = false
  let isHeld = false
  /** The focus went elsewhere while it was held. */
  let isAway = false
  let anchor: Anchor | null = null
  let anchorOf: (() => Anchor) | null = null
  let height = firstHeight
  let keep: () => void = () => {}
  let settle: () => void = () => {}

  function isOpen(): boolean {
    return panel?.isVisible() ?? false
  }

  function place() {
    if (panel === null || anchor === null) return
    panel.setBounds(placePopover(anchor, { width, height }, screen.getAllDisplays()))
  }

  function reveal() {
    anchor = anchorOf?.() ?? anchor
    place()
    panel?.show()
  }

  function destroy() {
    keep()
    settle()
    panel?.destroy()
    panel = null
  }

  function create(): BrowserWindow {
    const created = new BrowserWindow({
      width,
      height,
      show: false,
      frame: false,
      resizable: false,
      movable: false,
      minimizable: false,
      maximizable: false,
      fullscreenable: false,
      skipTaskbar: true,
      title: 'Studiolo',
      ...material(),
      webPreferences: { ...pagePreferences, enablePreferredSizeMode: true },
    })
    const { webContents } = created
    created.setAlwaysOnTop(true, 'pop-up-menu')
    // without skipTransformProcessType the app would get an icon in the Dock for a moment
    created.setVisibleOnAllWorkspaces(true, {
      visibleOnFullScreen: true,
      skipTransformProcessType: true,
    })
    created.once('ready-to-show', () => {
      isReady = true
      reveal()
    })
    if (process.platform === 'darwin') {
      webContents.on('dom-ready', () => void webContents.insertCSS(letMaterialThrough))
    }
    created.on('blur', () => {
      if (!isOpen()) return
      isAway = isHeld
      if (isHeld) return
      press.blurred()
      close()
    })
    created.on('focus', () => {
      isAway = false
    })
    created.on('closed', () => {
      keep()
      settle()
      if (panel === created) panel = null
    })
    webContents.on('preferred-size-changed', (_event, size) => {
      settle()
      if (size.height === height || size.height < leastHeight) return
      settle = clock.after(settleMs, () => {
        height = size.height
        place()
      })
    })
    webContents.on('render-process-gone', (_event, { reason }) => {
      log.error('popover: its page is gone', { reason })
      destroy()
    })
    isReady = false
    isHeld = false
    created.loadURL(pageUrl('popover')).catch((error: unknown) => {
      // the next click makes a new one
      log.error('popover: its page did not load', { error: String(error) })
      if (panel === created) destroy()
    })
    return created
  }

  function show(at: () => Anchor) {
    keep()
    anchorOf = at
    if (panel === null) panel = create()
    else if (isReady) reveal()
  }

  function close() {
    isAway = false
    if (!isOpen()) return
    panel?.hide()
    keep()
    keep = clock.after(keptMs, destroy)
  }

  return {
    pressStarted: () => press.down(isOpen()),
    click(at) {
      if (press.click(isOpen()) === 'close') close()
      else show(() => at)
    },
    show,
    close,
    hold(isWanted) {
      isHeld = isWanted
      if (!isHeld && isAway) close()
    },
    forget: destroy,
  }
}

/** The panel has its own background and corners on macOS; with Reduce Transparency the system makes it opaque by itself. */
const letMaterialThrough =
  'main { background: transparent !important; border-radius: 0 !important }'

/** On macOS a panel of the system's own material: it takes keys without making the app the active one. */
function material() {
  if (process.platform !== 'darwin') return { backgroundColor: backgroundColour() }
  return {
    type: 'panel',
    transparent: true,
    backgroundColor: '#00000000',
    vibrancy: 'popover' as const,
    visualEffectState: 'active' as const,
    hasShadow: true,
    roundedCorners: true,
  }
}
