import { expect, test } from 'vitest'
import { FakeClock } from './fake-clock.ts'

test('runs timers in the order of their moments, each at its moment', async () => {
  const clock = new FakeClock(1000)
  const seen: [string, number][] = []
  clock.after(300, () => seen.push(['late', clock.now()]))
  clock.after(100, () => {
    seen.push(['early', clock.now()])
    clock.after(50, () => seen.push(['nested', clock.now()]))
  })
  await clock.advance(299)
  expect(seen).toEqual([
    ['early', 1100],
    ['nested', 1150],
  ])
  await clock.advance(1)
  expect(seen.at(-1)).toEqual(['late', 1300])
  expect(clock.pending).toBe(0)
  expect(clock.monotonic()).toBe(300)
})

test('a timer taken back does not run; sleep runs nothing until the clock moves', async () => {
  const clock = new FakeClock(0)
  const seen: string[] = []
  clock.after(10, () => seen.push('taken back'))()
  clock.after(10, () => seen.push('after sleep'))
  clock.sleep(60_000)
  expect(seen).toEqual([])
  await clock.advance(0)
  expect(seen).toEqual(['after sleep'])
  expect(clock.now()).toBe(60_000)
})
