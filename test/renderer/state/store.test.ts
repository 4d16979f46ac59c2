import { describe, expect, it } from 'vitest'
import { createStore } from '../../../renderer/state/store.ts'

describe('a store', () => {
  it('tells each listener of a new value, and of no other', () => {
    const store = createStore(1)
    const seen: number[] = []
    store.subscribe(() => seen.push(store.get()))
    store.subscribe(() => seen.push(store.get() * 10))
    store.set(2)
    store.set(2)
    store.set(3)
    expect(seen).toEqual([2, 20, 3, 30])
  })

  it('takes not-a-number for the same value again', () => {
    const store = createStore(Number.NaN)
    let told = 0
    store.subscribe(() => told++)
    store.set(Number.NaN)
    expect(told).toBe(0)
  })

  it('forgets a listener that left, even while it tells the others', () => {
    const store = createStore('a')
    const seen: string[] = []
    const leave = store.subscribe(() => {
      seen.push('first')
      leave()
    })
    store.subscribe(() => seen.push('second'))
    store.set('b')
    store.set('c')
    expect(seen).toEqual(['first', 'second', 'second'])
  })
})
