import { expect, test } from 'vitest'
import { sparkPaths } from '../../../renderer/ui/spark.tsx'

const frame = { endAt: 120_000, spanMs: 120_000, gapMs: 5_000 }

test('the newest point stands at the right edge, the oldest where its age puts it', () => {
  const { line } = sparkPaths(
    [
      { at: 117_000, ratio: 0 },
      { at: 120_000, ratio: 1 },
    ],
    frame,
  )
  expect(line).toMatch(/^M97\.5 23\.3L100 1\.3$/)
})

test('a value that was not known leaves a gap', () => {
  const { line } = sparkPaths(
    [
      { at: 116_000, ratio: 0.5 },
      { at: 117_000, ratio: 0.5 },
      { at: 118_000, ratio: null },
      { at: 119_000, ratio: 0.5 },
      { at: 120_000, ratio: 0.5 },
    ],
    frame,
  )
  expect(line.match(/M/g)).toHaveLength(2)
})

test('a time without points leaves a gap', () => {
  const { line } = sparkPaths(
    [
      { at: 90_000, ratio: 0.5 },
      { at: 91_000, ratio: 0.5 },
      { at: 119_000, ratio: 0.5 },
      { at: 120_000, ratio: 0.5 },
    ],
    frame,
  )
  expect(line.match(/M/g)).toHaveLength(2)
})

test('one lonely point draws no line, and nothing draws nothing', () => {
  expect(sparkPaths([{ at: 120_000, ratio: 0.5 }], frame)).toEqual({ line: '', area: '' })
  expect(sparkPaths([], frame)).toEqual({ line: '', area: '' })
})

test('points before the left edge collapse onto it', () => {
  const { line } = sparkPaths(
    Array.from({ length: 10 }, (_, index) => ({ at: -9_000 + index * 1_000, ratio: 0.5 })),
    frame,
  )
  expect(line).toBe('')
})
