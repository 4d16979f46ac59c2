import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Frame, FrameParser } from '../../../../main/hosts/gauge/frames.ts'

const nonce = '0123456789abcdef0123456789abcdef'

/** Feeds the text cut at the given places. */
function feedInPieces(parser: FrameParser, bytes: Buffer, cuts: readonly number[]): Frame[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length]
  places.sort((a, b) => a - b)
  return places.slice(1).flatMap((end, i) => parser.feed(bytes.subarray(places[i] ?? 0, end)))
}

/** Bytes that like to look like a mark. */
const payload = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
      fc.constantFrom(
        '\n',
        '\n\n',
        nonce,
        `\n${nonce}`,
        `${nonce} 0 0\n`,
        nonce.slice(1),
        '\n0123',
      ),
      fc.constantFrom(`\n${nonce} `, `\n${nonce} x 1\n`, `\n${nonce} 1\n`, `\n${nonce} 1 -1\n`),
    ),
    { maxLength: 6 },
  )
  // followed by the digits of a later mark, a forged beginning would be a mark: nobody knows the nonce
  .map((parts) => `${parts.join('')};`)
  .filter((text) => !/\n0123456789abcdef0123456789abcdef (start|end|group|\d+) \d+\n/.test(text))

const frame = fc.record({
  payload,
  kind: fc.oneof(fc.constantFrom('end' as const, 'group' as const), fc.nat({ max: 999 })),
  value: fc.nat({ max: 255 }),
})

test('gives back what was framed, wherever the chunks are cut', () => {
  fc.assert(
    fc.property(
      payload,
      fc.array(frame, { maxLength: 8 }),
      fc.array(fc.nat(), { maxLength: 40 }),
      (banner, frames, cuts) => {
        const text = [
          `${banner}\n${nonce} start 4711\n`,
          ...frames.map(({ payload, kind, value }) => `${payload}\n${nonce} ${kind} ${value}\n`),
        ].join('')
        const seen = feedInPieces(new FrameParser(nonce), Buffer.from(text), cuts)
        expect(seen.map(({ kind, value, bytes }) => [kind, value, bytes.toString()])).toEqual([
          ['start', 4711, ''],
          ...frames.map(({ payload, kind, value }) => [
            kind,
            value,
            Buffer.from(payload).toString(),
          ]),
        ])
      },
    ),
  )
})

test('takes any bytes without throwing, and finds no frame in them', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (chunks) => {
      const parser = new FrameParser(nonce)
      expect(chunks.flatMap((chunk) => parser.feed(chunk))).toEqual([])
    }),
  )
})

test('marks before the start are start files that talk', () => {
  const parser = new FrameParser(nonce)
  expect(parser.feed(Buffer.from(`hello\n${nonce} 0 0\n`))).toEqual([])
  const [start, next] = parser.feed(Buffer.from(`motd\n${nonce} start 1\nok\n${nonce} 0 3\n`))
  expect(start?.bytes.toString()).toBe('')
  expect(next).toMatchObject({ kind: 0, value: 3, isCut: false })
  expect(next?.bytes.toString()).toBe('ok')
})

test('a long output is cut, and the next one is whole', () => {
  const parser = new FrameParser(nonce, 1000)
  parser.feed(Buffer.from(`\n${nonce} start 1\n`))
  const garbage = Buffer.alloc(64 * 1024, '\n0123456789abcde')
  for (let i = 0; i < 64; i++) expect(parser.feed(garbage)).toEqual([])
  const frames = parser.feed(Buffer.from(`\n${nonce} 0 0\nwhole\n${nonce} 1 0\n`))
  expect(frames.map(({ bytes, isCut }) => [bytes.length, isCut])).toEqual([
    [1000, true],
    [5, false],
  ])
})

test('an output of exactly the cap is whole', () => {
  const parser = new FrameParser(nonce, 5)
  const frames = parser.feed(Buffer.from(`\n${nonce} start 1\n12345\n${nonce} 0 0\n`))
  expect(frames[1]).toMatchObject({ isCut: false })
})

test('a nonce is hex', () => {
  expect(() => new FrameParser('.*')).toThrow(TypeError)
})
