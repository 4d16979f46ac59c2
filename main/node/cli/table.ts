/**
 * Rows under each other, columns aligned, two blanks between them. What a machine returned may hold anything: control
 * characters are taken out, so that no name can move the cursor or colour the screen.
 *
 * @example
 * formatTable([['Memory', '105 GB'], ['内存压力', '正常']])
 * // 'Memory    105 GB\n内存压力  正常\n'
 */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(oneLine))
  const widths: number[] = []
  for (const row of cells) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(cell))
    })
  }
  return cells
    .map((row) => `${row.map((cell, column) => pad(cell, column)).join('  ')}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('')

  function pad(cell: string, column: number): string {
    return cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell))
  }
}

/** Text on one line, without anything that a terminal would obey. */
export function oneLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .trim()
}

/** How many columns of a terminal a text takes. Unicode Standard Annex 11: wide and fullwidth characters take two. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text) {
    if (/\p{M}/u.test(character)) continue
    width += isWide(character.codePointAt(0) ?? 0) ? 2 : 1
  }
  return width
}

function isWide(codePoint: number): boolean {
  return (
    (codePoint >= 0x1100 && codePoint <= 0x115f) ||
    (codePoint >= 0x2e80 && codePoint <= 0x303e) ||
    (codePoint >= 0x3041 && codePoint <= 0xa4cf) ||
    (codePoint >= 0xac00 && codePoint <= 0xd7a3) ||
    (codePoint >= 0xf900 && codePoint <= 0xfaff) ||
    (codePoint >= 0xfe30 && codePoint <= 0xfe6f) ||
    (codePoint >= 0xff00 && codePoint <= 0xff60) ||
    (codePoint >= 0xffe0 && codePoint <= 0xffe6) ||
    (codePoint >= 0x1f300 && codePoint <= 0x1faff) ||
    (codePoint >= 0x20000 && codePoint <= 0x3fffd)
  )
}
