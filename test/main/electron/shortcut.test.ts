import { describe, expect, it } from 'vitest'
import { createShortcut } from '../../../main/electron/shortcut.ts'
import { findRoot } from '../../../main/node/root.ts'
import { loadWords } from '../../../main/node/words.ts'
import { silentLog } from '../../support/silent-log.ts'

const words = loadWords(findRoot(import.meta.dirname).resourcesDir)

/** The keys of a system, of which other programs have some. */
function setUp(...taken: string[]) {
  const others = new Set(taken)
  const ours = new Map<string, () => void>()
  let presses = 0
  const shortcut = createShortcut(
    {
      register(accelerator, onPress) {
        // as Electron does
        if (!accelerator.includes('+')) throw new TypeError('Error processing argument')
        if (others.has(accelerator)) return false
        ours.set(accelerator, onPress)
        return true
      },
      unregister: (accelerator) => ours.delete(accelerator),
    },
    () => (presses += 1),
    silentLog,
  )
  const said = (language: 'en' | 'zh-CN') => {
    const problem = shortcut.problem()
    return problem === null ? null : words(problem, language)
  }
  return { shortcut, said, others, keys: () => [...ours.keys()], ours, presses: () => presses }
}

describe('the shortcut', () => {
  it('is had from the system once, and given back for another one', () => {
    const { shortcut, keys, ours, presses } = setUp()
    shortcut.apply('Alt+S')
    shortcut.apply('Alt+S')
    ours.get('Alt+S')?.()
    expect(presses()).toBe(1)
    shortcut.apply('Alt+T')
    expect(keys()).toEqual(['Alt+T'])
    shortcut.apply(null)
    expect(keys()).toEqual([])
    expect(shortcut.problem()).toBeNull()
  })

  it('says that another program has it, and tries again with the next settings', () => {
    const { shortcut, said, others, keys } = setUp('Alt+S')
    shortcut.apply('Alt+S')
    expect(said('en')).toMatch(/^Another program has these keys/)
    expect(said('zh-CN')).toMatch(/^这组按键已被其他程序占用/)
    others.clear()
    shortcut.apply('Alt+S')
    expect(keys()).toEqual(['Alt+S'])
    expect(said('en')).toBeNull()
  })

  it('says that a text names no keys, until there is none', () => {
    const { shortcut, said } = setUp()
    shortcut.apply('Nothing')
    expect(said('en')).toMatch(/^These keys cannot be a shortcut/)
    expect(said('zh-CN')).toMatch(/^这组按键不能用作快捷键/)
    shortcut.apply(null)
    expect(said('en')).toBeNull()
  })
})
