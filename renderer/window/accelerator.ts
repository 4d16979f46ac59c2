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
  Comma: ',',
  Period: '.',
  Slash: '/',
  Semicolon: ';',
  Quote: "'",
  Backquote: '`',
  Minus: '-',
  Equal: '=',
  BracketLeft: '[',
  BracketRight: ']',
  Backslash: '\\',
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

/** In the order in which Apple writes them. */
const macSigns = [
  ['Control', '⌃'],
  ['Alt', '⌥'],
  ['Shift', '⇧'],
  ['Command', '⌘'],
] as const

const otherNames: Readonly<Record<string, string>> = { Command: 'Super', Control: 'Ctrl' }
const arrows: Readonly<Record<string, string>> = { Up: '↑', Down: '↓', Left: '←', Right: '→' }

/** `Command+Alt+S` as people read it: `⌥⌘S` on a Mac, `Super+Alt+S` elsewhere. */
export function shownAccelerator(accelerator: string, isMac: boolean): string {
  const parts = accelerator
    .split('+')
    .map((part) => (/^(?:CommandOrControl|CmdOrCtrl)$/.test(part) ? either(isMac) : part))
  const shown = arrows[parts.at(-1) ?? ''] ?? parts.at(-1) ?? ''
  const modifiers = parts.slice(0, -1)
  if (!isMac) return [...modifiers.map((name) => otherNames[name] ?? name), shown].join('+')
  const signs = macSigns.filter(([name]) => modifiers.includes(name)).map(([, sign]) => sign)
  return [...signs, shown].join('')
}

function either(isMac: boolean): string {
  return isMac ? 'Command' : 'Control'
}
