import type { DiffLine } from '../../../preload/contract/ssh-config.ts'
import { parseConfigLines, topLines } from './syntax.ts'

/** How many lines of the person's file are shown around ours. */
const contextLines = 3

/** Whether an argument of Include names Studiolo's own file. */
export type IsOwn = (argument: string) => boolean

/** OpenSSH refuses a whole file that begins with it. */
export function hasByteOrderMark(bytes: Buffer): boolean {
  return bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))
}

/** An Include of our file alone, before the first Host or Match: one inside a block holds for that block's hosts only. */
export function isIncluding(bytes: Buffer, isOwn: IsOwn): boolean {
  return ownLines(bytes, isOwn).length > 0
}

/** The line in front, with the line break that the file uses; no other byte changes. */
export function withInclude(bytes: Buffer, line: string): Buffer {
  return Buffer.concat([Buffer.from(`${line}${lineBreakOf(bytes)}`), bytes])
}

/** Without the lines that {@link isIncluding} sees; no other byte changes. */
export function withoutInclude(bytes: Buffer, isOwn: IsOwn): Buffer {
  const kept: Buffer[] = []
  let from = 0
  for (const { start, end } of ownLines(bytes, isOwn)) {
    kept.push(bytes.subarray(from, start))
    from = end
  }
  return Buffer.concat([...kept, bytes.subarray(from)])
}

/** What {@link withInclude} does, as `diff -u` would show it. */
export function diffOf(bytes: Buffer, line: string): DiffLine[] {
  const lines = bytes.toString('utf8').split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return [
    { kind: 'added', text: line },
    ...lines.slice(0, contextLines).map((text) => ({ kind: 'same' as const, text })),
  ]
}

function ownLines(bytes: Buffer, isOwn: IsOwn) {
  // one character a byte, so that places in the text are places in the bytes
  const lines = topLines(parseConfigLines(bytes.toString('latin1')))
  return lines.filter(({ keyword, args }) => {
    const [path] = args
    if (keyword !== 'include' || args.length !== 1 || path === undefined) return false
    return isOwn(Buffer.from(path, 'latin1').toString('utf8'))
  })
}

function lineBreakOf(bytes: Buffer): string {
  const first = bytes.indexOf('\n')
  return first > 0 && bytes[first - 1] === 0x0d ? '\r\n' : '\n'
}
