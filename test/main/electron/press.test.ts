import { describe, expect, it } from 'vitest'
import { createPressMemory } from '../../../main/electron/press.ts'

function memoryAt(times: { now: number }) {
  return createPressMemory(() => times.now)
}

describe('createPressMemory', () => {
  it('opens what is closed and closes what is open', () => {
    const press = memoryAt({ now: 0 })
    expect(press.click(false)).toBe('open')
    expect(press.click(true)).toBe('close')
  })

  it('leaves closed what the same press has closed by taking the focus', () => {
    const times = { now: 1000 }
    const press = memoryAt(times)
    press.blurred()
    times.now += 120
    expect(press.click(false)).toBe('close')
    expect(press.click(false)).toBe('open')
  })

  it.each([
    ['blur first', (press: ReturnType<typeof memoryAt>) => [press.blurred(), press.down(false)]],
    ['press first', (press: ReturnType<typeof memoryAt>) => [press.down(true), press.blurred()]],
  ])('knows a long press, %s', (_name, events) => {
    const times = { now: 1000 }
    const press = memoryAt(times)
    events(press)
    times.now += 3000
    expect(press.click(false)).toBe('close')
  })

  it('opens after a blur that belongs to something else', () => {
    const times = { now: 1000 }
    const press = memoryAt(times)
    press.blurred()
    times.now += 2000
    press.down(false)
    expect(press.click(false)).toBe('open')
  })
})
