/** What of a keyboard event names a shortcut. */
export interface Keys {
  code: string
  key: string
  metaKey: boolean
  ctrlKey: boolean
  altKey: boolean
  shiftKey: boolean
}

const named: Readonly<Record<string, string>> = {
  Space: 'Space',
  Enter: 'Return',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
}

/**
 * Electron's name of a shortcut; null while only modifiers are down, or without one that keeps it from being typed.
 * The key is read from its place on the keyboard, since Alt changes the letter it types.
 *
 * @example acceleratorOf({ code: 'KeyS', altKey: true, metaKey: true, … }) // 'Command+Alt+S'
 */
export function acceleratorOf(keys: Keys): string | null {
  const modifiers = [
    keys.metaKey && 'Command',
    keys.ctrlKey && 'Control',
    keys.altKey && 'Alt',
    keys.shiftKey && 'Shift',
  ].filter((name) => name !== false)
  const letter = /^(?:Key|Digit)([A-Z0-9])$/.exec(keys.code)?.[1]
  const functionKey = /^F\d{1,2}$/.test(keys.code) ? keys.code : undefined
  const key = letter ?? functionKey ?? named[keys.code]
  if (key === undefined) return null
  const isGuarded = keys.metaKey || keys.ctrlKey || keys.altKey || functionKey !== undefined
  return isGuarded ? [...modifiers, key].join('+') : null
}

const macSigns: Readonly<Record<string, string>> = {
  Command: '⌘',
  Control: '⌃',
  Alt: '⌥',
  Shift: '⇧',
}

/** `Command+Alt+S` as people read it: `⌘⌥S` on a Mac, `Super+Alt+S` elsewhere. */
export function shownAccelerator(accelerator: string, isMac: boolean): string {
  const parts = accelerator.split('+')
  if (isMac) return parts.map((part) => macSigns[part] ?? part).join('')
  return parts
    .map((part) => (part === 'Command' ? 'Super' : part === 'Control' ? 'Ctrl' : part))
    .join('+')
}
