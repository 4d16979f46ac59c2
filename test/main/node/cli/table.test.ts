import { describe, expect, it } from 'vitest'
import { formatTable, oneLine, widthOf } from '../../../../main/node/cli/table.ts'

describe('formatTable', () => {
  it('aligns columns by what a terminal shows, also of wide characters', () => {
    expect(
      formatTable([
        ['Memory', '105 GB', 'used'],
        ['内存压力', '正常'],
        ['', '–', 'x'],
      ]),
    ).toBe(['Memory    105 GB  used', '内存压力  正常', '          –       x', ''].join('\n'))
  })

  it('lets no cell break the line or steer the terminal', () => {
    expect(oneLine('a\u001b[31mred\u0007\nb\tc \u202Eevil\u200B')).toBe('a[31mred b c evil')
  })
})

describe('widthOf', () => {
  // Unicode 16, EastAsianWidth.txt: W and F take two columns, combining marks none
  it.each([
    ['abc', 3],
    ['二号', 4],
    ['：', 2],
    ['é', 1],
    ['e\u0301', 1],
    ['한', 2],
    ['🙂', 2],
    ['✓', 1],
    ['–', 1],
    ['', 0],
  ])('of %j is %i', (text, width) => {
    expect(widthOf(text)).toBe(width)
  })
})
