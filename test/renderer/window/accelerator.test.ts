import { describe, expect, it } from 'vitest'
import { acceleratorOf, type Keys, shownAccelerator } from '../../../renderer/window/accelerator.ts'

function keys(code: string, held: Partial<Keys> = {}): Keys {
  return {
    ...{ code, key: '', metaKey: false, ctrlKey: false, altKey: false, shiftKey: false },
    ...held,
  }
}

// The names are those of Electron's documentation of accelerators.
describe('acceleratorOf', () => {
  it.each([
    ['KeyS', { altKey: true, metaKey: true }, 'Command+Alt+S'],
    ['Digit1', { ctrlKey: true, shiftKey: true }, 'Control+Shift+1'],
    ['Space', { altKey: true }, 'Alt+Space'],
    ['ArrowUp', { metaKey: true }, 'Command+Up'],
    ['Enter', { ctrlKey: true }, 'Control+Return'],
    ['F5', {}, 'F5'],
    ['F12', { shiftKey: true }, 'Shift+F12'],
    ['Comma', { metaKey: true }, 'Command+,'],
    ['Slash', { ctrlKey: true }, 'Control+/'],
  ])('names %s with %j', (code, held, name) => {
    expect(acceleratorOf(keys(code, held))).toBe(name)
  })

  it('reads the place of the key, since Alt changes the letter that it types', () => {
    expect(acceleratorOf(keys('KeyS', { altKey: true, key: 'ß' }))).toBe('Alt+S')
  })

  it.each([
    ['a letter that is only typed', keys('KeyS')],
    ['a capital letter', keys('KeyS', { shiftKey: true })],
    ['modifiers alone', keys('MetaLeft', { metaKey: true })],
    ['a key without a name', keys('IntlYen', { metaKey: true })],
    ['the key that goes on', keys('Tab')],
  ])('has no name for %s', (_what, pressed) => expect(acceleratorOf(pressed)).toBeNull())
})

describe('shownAccelerator', () => {
  it.each([
    ['Command+Alt+S', '⌥⌘S', 'Super+Alt+S'],
    ['Control+Shift+1', '⌃⇧1', 'Ctrl+Shift+1'],
    ['Command+Shift+Up', '⇧⌘↑', 'Super+Shift+↑'],
    ['Alt+Space', '⌥Space', 'Alt+Space'],
    ['CommandOrControl+K', '⌘K', 'Ctrl+K'],
  ])('writes %s as %s on a Mac and as %s elsewhere', (accelerator, onMac, elsewhere) => {
    expect(shownAccelerator(accelerator, true)).toBe(onMac)
    expect(shownAccelerator(accelerator, false)).toBe(elsewhere)
  })
})
