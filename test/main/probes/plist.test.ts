import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type PlistValue, parsePlist } from '../../../main/probes/plist.ts'

function plist(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0">\n${body}\n</plist>\n`
}

describe('parsePlist', () => {
  test.each<[string, PlistValue]>([
    ['<true/>', true],
    ['<string>a &amp; b &lt;c&gt; &#39;d&#x27;</string>', "a & b <c> 'd'"],
    ['<string/>', ''],
    ['<integer>-7</integer>', -7],
    ['<real>4.93e-05</real>', 0.0000493],
    ['<date>2026-11-20T07:00:00Z</date>', '2026-11-20T07:00:00Z'],
    ['<array/>', []],
    ['<dict/>', {}],
    [
      '<array><dict><key>a b</key><array><integer>1</integer></array></dict><false/></array>',
      [{ 'a b': [1] }, false],
    ],
  ])('%s', (body, value) => {
    expect(parsePlist(plist(body))).toEqual(value)
  })

  test.each([
    '',
    'no list at all',
    '<plist version="1.0"><dict>',
    plist('<dict><string>without a key</string></dict>'),
    plist('<dict><key>without a value</key></dict>'),
    plist('<array></dict>'),
    plist('<integer>seven</integer>'),
    plist('<true/><false/>'),
    plist('<true/><dict>'),
    plist('<string><true/></string>'),
    plist('<array>'.repeat(100)),
  ])('%j is none', (text) => {
    expect(parsePlist(text)).toBeNull()
  })

  test('a key can be called anything', () => {
    const value = parsePlist(plist('<dict><key>__proto__</key><string>x</string></dict>'))
    expect(Object.entries(value ?? {})).toEqual([['__proto__', 'x']])
  })

  test('reads back whatever is written', () => {
    const write = (value: unknown): string => {
      if (typeof value === 'boolean') return value ? '<true/>' : '<false/>'
      if (typeof value === 'number') return `<real>${value}</real>`
      if (Array.isArray(value)) return `<array>${value.map(write).join('')}</array>`
      if (typeof value === 'object' && value !== null) {
        const entries = Object.entries(value)
        return `<dict>${entries.map(([key, one]) => `<key>${quoted(key)}</key>${write(one)}`).join('')}</dict>`
      }
      return `<string>${quoted(String(value))}</string>`
    }
    const quoted = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.boolean(),
        fc.integer(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc
          .uniqueArray(fc.tuple(fc.string(), tie('value')), {
            maxLength: 4,
            selector: ([key]) => key,
          })
          .map((entries) => Object.fromEntries(entries)),
      ),
    }))
    fc.assert(
      fc.property(value, (one) => {
        expect(parsePlist(plist(write(one)))).toEqual(one)
      }),
    )
  })

  test('never throws', () => {
    const words = fc.constantFrom(
      '<plist>',
      '</plist>',
      '<dict>',
      '</dict>',
      '<key>',
      '</key>',
      '<array/>',
      '<string>',
      '&#0;',
      'x',
    )
    fc.assert(
      fc.property(
        fc.array(fc.oneof(words, fc.string())),
        (parts) => void parsePlist(parts.join('')),
      ),
    )
  })
})
