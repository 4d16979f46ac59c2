import { crc32, deflateSync } from 'node:zlib'

/** A shape as a distance in its own units: below 0 inside, above 0 outside. */
export type Shape = (x: number, y: number) => number

export interface Colour {
  red: number
  green: number
  blue: number
  /** 0 to 1. */
  alpha: number
}

export type Fill = Colour | ((x: number, y: number) => Colour)

export interface Layer {
  shape: Shape
  fill: Fill
  /** Width of the edge; a shadow has a wide one. Default: one pixel. */
  softness?: number
}

/** `#rrggbb`, as a colour. */
export function hex(text: string, alpha = 1): Colour {
  const value = Number.parseInt(text.slice(1), 16)
  return { red: (value >> 16) & 255, green: (value >> 8) & 255, blue: value & 255, alpha }
}

/** From `top` at `y0` to `bottom` at `y1`. */
export function gradient(top: Colour, bottom: Colour, y0: number, y1: number): Fill {
  return (_x, y) => {
    const part = Math.max(0, Math.min(1, (y - y0) / (y1 - y0)))
    const mix = (from: number, to: number) => from + (to - from) * part
    return {
      red: mix(top.red, bottom.red),
      green: mix(top.green, bottom.green),
      blue: mix(top.blue, bottom.blue),
      alpha: mix(top.alpha, bottom.alpha),
    }
  }
}

/** A box with its own radius above and below: a bar, a card, or an arch. */
export function box(
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  radii: { above: number; below: number },
): Shape {
  const halfWidth = width / 2
  const halfHeight = height / 2
  return (px, py) => {
    const dx = Math.abs(px - x - halfWidth)
    const dy = py - y - halfHeight
    const radius = dy < 0 ? radii.above : radii.below
    const qx = dx - halfWidth + radius
    const qy = Math.abs(dy) - halfHeight + radius
    return Math.min(Math.max(qx, qy), 0) + Math.hypot(Math.max(qx, 0), Math.max(qy, 0)) - radius
  }
}

export function without(shape: Shape, hole: Shape): Shape {
  return (x, y) => Math.max(shape(x, y), -hole(x, y))
}

/** Paints the layers, the first one lowest, on a square of `units` × `units` and answers a PNG of `pixels` × `pixels`. */
export function paint(layers: readonly Layer[], units: number, pixels: number): Buffer {
  const pixel = units / pixels
  const rows = Buffer.alloc(pixels * (1 + pixels * 4))
  for (let row = 0; row < pixels; row += 1) {
    for (let column = 0; column < pixels; column += 1) {
      const x = (column + 0.5) * pixel
      const y = (row + 0.5) * pixel
      const { red, green, blue, alpha } = colourAt(layers, x, y, pixel)
      const at = row * (1 + pixels * 4) + 1 + column * 4
      rows.set([red, green, blue, alpha * 255].map(Math.round), at)
    }
  }
  return png(pixels, rows)
}

function colourAt(layers: readonly Layer[], x: number, y: number, pixel: number): Colour {
  let under: Colour = { red: 0, green: 0, blue: 0, alpha: 0 }
  for (const { shape, fill, softness = pixel } of layers) {
    const covered = Math.max(0, Math.min(1, 0.5 - shape(x, y) / softness))
    if (covered === 0) continue
    const over = typeof fill === 'function' ? fill(x, y) : fill
    under = blend(under, { ...over, alpha: over.alpha * covered })
  }
  return under
}

function blend(under: Colour, over: Colour): Colour {
  const alpha = over.alpha + under.alpha * (1 - over.alpha)
  if (alpha === 0) return under
  const mix = (above: number, below: number) =>
    (above * over.alpha + below * under.alpha * (1 - over.alpha)) / alpha
  return {
    red: mix(over.red, under.red),
    green: mix(over.green, under.green),
    blue: mix(over.blue, under.blue),
    alpha,
  }
}

/** `rows`: a filter byte 0, then RGBA, for each row. */
function png(pixels: number, rows: Buffer): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(pixels, 0)
  header.writeUInt32BE(pixels, 4)
  // 8 bits a channel, RGB with alpha
  header.set([8, 6, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
