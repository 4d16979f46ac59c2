import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placePopover, type Screen, usablePlace } from '../../../main/electron/place.ts'

/** A 14-inch MacBook Pro with its menu bar of 38 and a Dock of 70 below. */
const macbook: Screen = {
  bounds: { x: 0, y: 0, width: 1512, height: 982 },
  workArea: { x: 0, y: 38, width: 1512, height: 874 },
}
/** A display to its right, higher up, with a menu bar of 25. */
const display: Screen = {
  bounds: { x: 1512, y: -458, width: 2560, height: 1440 },
  workArea: { x: 1512, y: -433, width: 2560, height: 1415 },
}
const size = { width: 380, height: 560 }

describe('placePopover', () => {
  it('hangs centred under the icon', () => {
    const icon = { x: 1100, y: 5, width: 28, height: 28 }
    expect(placePopover({ icon, pointer: { x: 1110, y: 12 } }, size, [macbook])).toEqual({
      x: 924,
      y: 44,
      width: 380,
      height: 560,
    })
  })

  it('stays inside the work area at its edge', () => {
    const icon = { x: 1480, y: 5, width: 28, height: 28 }
    const place = placePopover({ icon, pointer: { x: 1490, y: 12 } }, size, [macbook])
    expect(place.x + place.width).toBeLessThanOrEqual(1512)
  })

  it('opens on the display of the click, though the icon tells its place on the other one', () => {
    const icon = { x: 1100, y: 5, width: 28, height: 28 }
    const pointer = { x: 3700, y: -450 }
    const place = placePopover({ icon, pointer }, size, [macbook, display])
    expect(place).toEqual({ x: 3510, y: -427, width: 380, height: 560 })
  })

  it('opens above a bar that is at the bottom', () => {
    const linux: Screen = {
      bounds: { x: 0, y: 0, width: 1920, height: 1080 },
      workArea: { x: 0, y: 0, width: 1920, height: 1040 },
    }
    const place = placePopover({ icon: null, pointer: { x: 1700, y: 1060 } }, size, [linux])
    expect(place.y + place.height).toBe(1034)
  })

  it('is no taller than the work area', () => {
    const tall = { width: 380, height: 3000 }
    const place = placePopover({ icon: null, pointer: { x: 700, y: 10 } }, tall, [macbook])
    expect(place.height).toBe(862)
  })

  it('lies wholly inside the work area, in whole pixels, wherever the pointer is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -500, max: 5000 }),
        fc.integer({ min: -900, max: 2000 }),
        fc.double({ min: 100, max: 2000, noNaN: true }),
        (x, y, height) => {
          const place = placePopover({ icon: null, pointer: { x, y } }, { width: 380, height }, [
            macbook,
            display,
          ])
          const { workArea } =
            [macbook, display].find(
              (screen) =>
                screen.bounds.x <= place.x + 1 && place.x < screen.bounds.x + screen.bounds.width,
            ) ?? macbook
          expect(Number.isInteger(place.x) && Number.isInteger(place.y)).toBe(true)
          expect(place.x).toBeGreaterThanOrEqual(workArea.x)
          expect(place.y).toBeGreaterThanOrEqual(workArea.y)
          expect(place.x + place.width).toBeLessThanOrEqual(workArea.x + workArea.width)
          expect(place.y + place.height).toBeLessThanOrEqual(workArea.y + workArea.height + 1)
        },
      ),
    )
  })
})

describe('usablePlace', () => {
  const place = { x: 2000, y: 100, width: 860, height: 620 }

  it('gives back a place on a display', () => {
    expect(usablePlace(place, [macbook, display])).toEqual(place)
  })

  it('forgets a place on a display that is gone', () => {
    expect(usablePlace(place, [macbook])).toBeNull()
    expect(usablePlace(null, [macbook])).toBeNull()
  })
})
