/** One line of an ssh_config file that says something, and where it stands in the text. */
export interface ConfigLine {
  /** In lower case: keywords are not case-sensitive, arguments are. */
  keyword: string
  args: readonly string[]
  /** From the first character of the line to behind its line break. */
  start: number
  end: number
}

/**
 * The lines of an ssh_config file as OpenSSH splits them (readconf.c, and `argv_split` in misc.c); empty lines and comments are left
 * out. Total: what OpenSSH would refuse gives what could be read of it.
 *
 * @example
 * parseConfigLines('Host a "b c" # mine\n')  // [{ keyword: 'host', args: ['a', 'b c'], start: 0, end: 20 }]
 */
export function parseConfigLines(text: string): ConfigLine[] {
  const lines: ConfigLine[] = []
  let start = 0
  while (start < text.length) {
    const lineBreak = text.indexOf('\n', start)
    const end = lineBreak < 0 ? text.length : lineBreak + 1
    const [, keyword, rest = ''] =
      /^[ \t\r\f]*"?([^ \t\r\f\n="#]+)"?[ \t]*=?(.*)/.exec(text.slice(start, end)) ?? []
    if (keyword !== undefined) {
      lines.push({ keyword: keyword.toLowerCase(), args: splitArguments(rest), start, end })
    }
    start = end
  }
  return lines
}

/** The lines before the first Host or Match: they count for every host. */
export function topLines(lines: readonly ConfigLine[]): ConfigLine[] {
  const block = lines.findIndex(({ keyword }) => keyword === 'host' || keyword === 'match')
  return lines.slice(0, block < 0 ? lines.length : block)
}

function splitArguments(text: string): string[] {
  const args: string[] = []
  let word: string | null = null
  let quote: string | null = null
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index)
    const next = text.charAt(index + 1)
    if (char === '\\' && (/["'\\]/.test(next) || (quote === null && next === ' '))) {
      word = (word ?? '') + next
      index++
    } else if (quote !== null) {
      if (char === quote) quote = null
      else word = (word ?? '') + char
    } else if (char === '"' || char === "'") {
      quote = char
      word ??= ''
    } else if (/\s/.test(char)) {
      if (word !== null) args.push(word)
      word = null
    } else if (char === '#' && word === null) {
      break
    } else {
      word = (word ?? '') + char
    }
  }
  if (word !== null) args.push(word)
  return args
}

/**
 * An argument for ssh_config, quoted where it must be. Throws for a control character: a line break would begin another line.
 *
 * @example quoteArgument('/Users/ana/my "key"') // "/Users/ana/my \"key\""
 */
export function quoteArgument(value: string): string {
  if (/\p{Cc}/u.test(value)) throw new TypeError('ssh_config has no way to write this value')
  if (/^[A-Za-z0-9_@%+:,./~${}[\]-]+$/.test(value)) return value
  return `"${value.replace(/["\\]/g, '\\$&')}"`
}
