import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { Message } from '../../preload/contract/base.ts'

/**
 * The application's menu. It is seen while the window is open only, but its shortcuts make copy and paste work in
 * every page, and VoiceOver finds them there. There is no "Reload" and no way to the developer tools.
 */
export function setAppMenu(
  say: (message: Message) => string,
  openPlace: (place: 'settings' | 'about') => void,
): void {
  const word = (name: string) => say({ key: `tray.menu.${name}` })
  const item = (
    name: string,
    role: NonNullable<MenuItemConstructorOptions['role']>,
  ): MenuItemConstructorOptions => ({ label: word(name), role })
  const separator = { type: 'separator' } as const
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      {
        label: 'Studiolo',
        submenu: [
          { label: word('about'), click: () => openPlace('about') },
          separator,
          {
            label: word('settings'),
            accelerator: 'CommandOrControl+,',
            click: () => openPlace('settings'),
          },
          separator,
          item('hide', 'hide'),
          item('hide-others', 'hideOthers'),
          item('show-all', 'unhide'),
          separator,
          item('quit', 'quit'),
        ],
      },
      {
        label: word('edit'),
        submenu: [
          item('undo', 'undo'),
          item('redo', 'redo'),
          separator,
          item('cut', 'cut'),
          item('copy', 'copy'),
          item('paste', 'paste'),
          item('select-all', 'selectAll'),
        ],
      },
      {
        label: word('window'),
        submenu: [item('minimise', 'minimize'), item('zoom', 'zoom'), item('close', 'close')],
      },
    ]),
  )
}
