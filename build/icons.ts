/** Draws the app's pictures: `node build/icons.ts`. The results are kept beside the sources. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { box, type Fill, gradient, hex, type Layer, paint, type Shape, without } from './draw.ts'

const root = join(import.meta.dirname, '..')

/**
 * The sign, on 16 × 16: a niche, the studiolo, with three bars in it, the lowest the fullest. With `line` 1.5 its edges
 * lie on half units, sharp on a Retina menu bar; with 1 on whole ones, for other displays.
 */
function sign(line: 1 | 1.5) {
  const niche = box({ x: 2, y: 1, width: 12, height: 14 }, { above: 6, below: 2.5 })
  const inside = box(
    { x: 2 + line, y: 1 + line, width: 12 - 2 * line, height: 14 - 2 * line },
    { above: 6 - line, below: 2.5 - line },
  )
  const bars = [
    { x: 5, y: 5, width: 3 },
    { x: 5, y: 8, width: 4.5 },
    { x: 5, y: 11, width: 6 },
  ].map((at) => box({ ...at, height: line }, { above: line / 3, below: line / 3 }))
  return { inside, frame: without(niche, inside), bars }
}

const black = hex('#000000')
function tray(line: 1 | 1.5): Layer[] {
  const { frame, bars } = sign(line)
  return [frame, ...bars].map((shape) => ({ shape, fill: black }))
}
writeFileSync(join(root, 'resources/tray/trayTemplate.png'), paint(tray(1), 16, 16))
writeFileSync(join(root, 'resources/tray/trayTemplate@2x.png'), paint(tray(1.5), 16, 32))

/** Apple's grid: on 1024 the body is 824 with a radius of 185, its shadow falls 12 below. */
const body = { x: 100, y: 100, width: 824, height: 824 }
const plate = box(body, { above: 185, below: 185 })
const innerPlate = box({ x: 103, y: 103, width: 818, height: 818 }, { above: 182, below: 182 })
const shadow = box({ ...body, y: body.y + 12 }, { above: 185, below: 185 })

const scale = 36
const { inside, frame, bars } = sign(1.5)
const enlarged = (shape: Shape): Shape => {
  const offset = 512 - 8 * scale
  return (x, y) => shape((x - offset) / scale, (y - offset) / scale) * scale
}
const blues: Fill[] = [hex('#9cc6ff'), hex('#559dff'), hex('#1a76ff')]
const icon: Layer[] = [
  { shape: shadow, fill: hex('#000000', 0.3), softness: 40 },
  { shape: plate, fill: gradient(hex('#2b3a5c'), hex('#101728'), 100, 924) },
  {
    shape: without(plate, innerPlate),
    fill: gradient(hex('#ffffff', 0.28), hex('#ffffff', 0.04), 100, 924),
  },
  { shape: enlarged(inside), fill: gradient(hex('#0a101e'), hex('#182747'), 314, 710) },
  { shape: enlarged(frame), fill: gradient(hex('#ffffff'), hex('#cfdcf3'), 260, 764) },
  ...bars.map((shape, index) => ({ shape: enlarged(shape), fill: blues[index] ?? black })),
]
writeFileSync(join(root, 'build/icon.png'), paint(icon, 1024, 1024))
