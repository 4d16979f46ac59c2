import fc from 'fast-check'
import { expect, test } from 'vitest'
import { spans } from '../../../renderer/ui/stacked-bar.tsx'

test('parts stand one after the other', () => {
  expect(spans([1, 3], 4)).toEqual([
    { leftPercent: 0, widthPercent: 25 },
    { leftPercent: 25, widthPercent: 75 },
  ])
})

test('parts that sum to the total fill the bar exactly, without gaps or overlaps', () => {
  const amounts = fc.array(fc.nat({ max: 2 ** 40 }), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(amounts, (parts) => {
      const total = parts.reduce((sum, part) => sum + part, 0)
      fc.pre(total > 0)
      const places = spans(parts, total)
      let end = 0
      for (const { leftPercent, widthPercent } of places) {
        expect(leftPercent).toBeCloseTo(end, 9)
        expect(widthPercent).toBeGreaterThanOrEqual(0)
        end = leftPercent + widthPercent
      }
      expect(end).toBeCloseTo(100, 9)
    }),
  )
})

test('a bar without a total is empty', () => {
  expect(spans([0, 0], 0).every(({ widthPercent }) => widthPercent === 0)).toBe(true)
})
