import { describe, expect, it } from 'vitest'
import { createLoginItem, type LoginItems } from '../../../main/electron/login-item.ts'
import { findRoot } from '../../../main/node/root.ts'
import { loadWords } from '../../../main/node/words.ts'

type Status = ReturnType<LoginItems['getLoginItemSettings']>['status']

const words = loadWords(findRoot(import.meta.dirname).resourcesDir)

/** A macOS that becomes `next` when it is asked to open the app at login, or not to. */
function setUp(first: Status, next: Status) {
  const mac = { status: first, asked: [] as boolean[] }
  const item = createLoginItem({
    getLoginItemSettings: () => ({ openAtLogin: mac.status === 'enabled', status: mac.status }),
    setLoginItemSettings({ openAtLogin }) {
      mac.asked.push(openAtLogin)
      mac.status = next
    },
  })
  const said = (language: 'en' | 'zh-CN' = 'en') => {
    const problem = item.problem()
    return problem === null ? null : words(problem, language)
  }
  return { mac, item, said }
}

describe('opening at login', () => {
  it('is asked for where macOS does something else, and has no problem then', () => {
    const { mac, item, said } = setUp('not-registered', 'enabled')
    item.apply(false)
    expect(mac.asked).toEqual([])
    item.apply(true)
    item.apply(true)
    expect(mac.asked).toEqual([true])
    expect(said()).toBeNull()
  })

  it.each([
    ['requires-approval', /^macOS is waiting for you to allow it, .+Login Items/, /等待你允许/],
    ['not-found', /^macOS did not accept it/, /没有接受/],
  ] as const)('says so where macOS answers %s', (status, en, zh) => {
    const { item, said } = setUp('not-registered', status)
    item.apply(true)
    expect(said()).toMatch(en)
    expect(said('zh-CN')).toMatch(zh)
  })

  it('says so as soon as the person has changed it in System Settings', () => {
    const { mac, item, said } = setUp('not-registered', 'enabled')
    item.apply(true)
    mac.status = 'requires-approval'
    expect(said()).toMatch(/Login Items/)
    mac.status = 'not-registered'
    item.apply(false)
    mac.status = 'enabled'
    expect(said()).toMatch(/^It is still on/)
    expect(said('zh-CN')).toMatch(/仍为打开状态/)
  })
})
