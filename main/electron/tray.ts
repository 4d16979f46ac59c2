import { Menu, nativeImage, type Rectangle, screen, Tray } from 'electron'
import type { Message } from '../../preload/contract/base.ts'
import type { Anchor } from './place.ts'
import type { TrayFace } from './tray-face.ts'

export interface TrayActions {
  pressStarted(): void
  click(anchor: Anchor): void
  choose(hostId: string, anchor: Anchor): void
  closePopover(): void
  openWindow(): void
  openSettings(): void
  copyDiagnostics(): void
  quit(): void
}

export interface TrayIcon {
  /** Redraws what differs from the face shown now, and nothing else. */
  show(face: TrayFace, say: (message: Message) => string): void
  /** Where the popover hangs when it is not the icon that was clicked. */
  anchor(): Anchor
  destroy(): void
}

/** The caller keeps the reference: a Tray that is garbage collected takes its icon along (electron#5941). */
export function createTrayIcon(picturePath: string, actions: TrayActions): TrayIcon {
  const picture = nativeImage.createFromPath(picturePath)
  picture.setTemplateImage(true)
  const tray = new Tray(picture)
  const hasOwnMenu = process.platform === 'linux'
  let shown: TrayFace | null = null
  let shownMenu = ''
  let menu = Menu.buildFromTemplate([])

  function anchor(icon: Rectangle = tray.getBounds()): Anchor {
    return { icon: icon.width > 0 ? icon : null, pointer: screen.getCursorScreenPoint() }
  }

  // a double click is two clicks here; waiting for the second would delay the first
  tray.setIgnoreDoubleClickEvents(true)
  tray.on('mouse-down', () => actions.pressStarted())
  tray.on('click', (_event, bounds) => actions.click(anchor(bounds)))
  tray.on('right-click', () => {
    actions.closePopover()
    tray.popUpContextMenu(menu)
  })

  function menuOf(face: TrayFace, say: (message: Message) => string) {
    const word = (name: string) => say({ key: `tray.menu.${name}` })
    return [
      ...face.hosts.map(({ id, label, isSelected }) => ({
        type: 'checkbox' as const,
        label,
        checked: isSelected,
        click: () => actions.choose(id, anchor()),
      })),
      { type: 'separator' as const },
      { label: word('open'), click: () => actions.openWindow() },
      { label: word('settings'), accelerator: 'Command+,', click: () => actions.openSettings() },
      { label: word('copy-diagnostics'), click: () => actions.copyDiagnostics() },
      { type: 'separator' as const },
      { label: word('quit'), accelerator: 'Command+Q', click: () => actions.quit() },
    ]
  }

  return {
    show(face, say) {
      if (face.title !== (shown?.title ?? '')) {
        tray.setTitle(face.title, { fontType: 'monospacedDigit' })
      }
      if (face.tooltip !== shown?.tooltip) tray.setToolTip(face.tooltip)
      shown = face
      const template = menuOf(face, say)
      const menuText = JSON.stringify(template)
      if (menuText === shownMenu) return
      shownMenu = menuText
      menu = Menu.buildFromTemplate(template)
      // elsewhere the menu opens on a right click only; a Linux tray gives no clicks and shows nothing but a menu
      if (hasOwnMenu) tray.setContextMenu(menu)
    },
    anchor: () => anchor(),
    destroy: () => tray.destroy(),
  }
}
