import { explain, linesOf, sizedBytes, wholeNumber } from './answer.ts'
import type { Answer, Probe, Unparsed } from './probe.ts'

export interface ProcessItem {
  pid: number
  /** Base name of the program, whole where the Host tells it. */
  name: string
  /** Memory that would be free without it; on Linux the resident size, shared pages included. */
  footprintBytes: number
  /** Null where the Host does not tell. */
  account: string | null
}

export interface ProcessesValue {
  /** Largest first, of all accounts, 15 at most. */
  items: ProcessItem[]
}

const kept = 15

/**
 * The processes that hold most memory. `top` cuts names to 16 characters, which may hold blanks, and marks a change
 * since its last sample with + or -:
 *
 *     PID    COMMAND          MEM    USER
 *     66645  Google Chrome He 568M+  ana
 *
 * `ps` gives the whole name (macOS: the path). On Linux it gives all: pid, KiB, account, name.
 */
export const processes: Probe<'processes', ProcessesValue> = {
  id: 'processes',
  columns: [{ field: 'items', about: 'The processes that hold most memory, largest first' }],
  everyMs: 5000,
  gauge: 'focus',
  slowOn: ['darwin'],
  questions: {
    darwin: [
      [['top', '-l', '1', '-o', 'mem', '-n', '15', '-stats', 'pid,command,mem,user']],
      [['ps', '-A', '-o', 'pid=,comm=']],
    ],
    linux: [[['ps', '-A', '-o', 'pid=,rss=,user=,comm=', '--sort=-rss']]],
  },
  parse: (answers, { platform }) =>
    platform === 'darwin' ? parseDarwin(answers) : parseLinux(answers[0]),
}

function parseDarwin([top, ps]: readonly Answer[]): ProcessesValue | Unparsed {
  const lines = linesOf(top?.stdout)
  const headerAt = lines.findIndex((line) => /^PID\s+COMMAND\s+.*\bMEM\b/.test(line))
  if (headerAt < 0) return explain(top, 'PID COMMAND MEM')
  const columns = (lines[headerAt] ?? '').trim().split(/\s+/).slice(2)
  const names = namesByPid(ps)
  const items = lines
    .slice(headerAt + 1)
    .flatMap((line) => rowOf(line, columns) ?? [])
    .map((item) => ({ ...item, name: wholeName(item.name, names.get(item.pid)) }))
  if (items.length === 0) return explain(top, 'a line of a process')
  return { items: largestFirst(items) }
}

/** `columns` are the headings after COMMAND; all of them hold one word, so that the name is what is left. */
function rowOf(line: string, columns: readonly string[]): ProcessItem | null {
  const words = line.trim().split(/\s+/)
  if (words.length < columns.length + 2) return null
  const pid = wholeNumber(words[0]?.replace(/[*+-]$/, ''))
  const values = words.slice(-columns.length)
  const bytes = sizedBytes(values[columns.indexOf('MEM')]?.replace(/[+-]$/, '') ?? '')
  if (pid === null || bytes === null) return null
  const account = values[columns.indexOf('USER')] ?? null
  const name = words.slice(1, -columns.length).join(' ')
  return { pid, name, footprintBytes: bytes, account }
}

function namesByPid(ps: Answer | undefined): ReadonlyMap<number, string> {
  const names = new Map<number, string>()
  for (const line of linesOf(ps?.stdout)) {
    const [, digits, path] = /^\s*(\d{1,9})\s+(\S.*)$/.exec(line) ?? []
    const pid = wholeNumber(digits)
    const name = path?.trimEnd().split('/').at(-1)
    if (pid !== null && name) names.set(pid, name)
  }
  return names
}

/** A number of a process may have gone to another one between the two commands: then the names do not agree. */
function wholeName(cut: string, whole: string | undefined): string {
  const squeezed = whole?.replace(/\s+/g, ' ')
  return squeezed?.startsWith(cut) ? squeezed : cut
}

function parseLinux(ps: Answer | undefined): ProcessesValue | Unparsed {
  const items = linesOf(ps?.stdout).flatMap((line) => {
    const [, pidText, kibText, account, name] =
      /^\s*(\d{1,9})\s+(\d{1,12})\s+(\S+)\s+(\S.*)$/.exec(line) ?? []
    const pid = wholeNumber(pidText)
    const kibibytes = wholeNumber(kibText)
    if (pid === null || kibibytes === null || account === undefined || name === undefined) return []
    return [{ pid, name: name.trimEnd(), footprintBytes: kibibytes * 1024, account }]
  })
  if (items.length === 0) return explain(ps, 'a line of a process')
  return { items: largestFirst(items) }
}

function largestFirst(items: readonly ProcessItem[]): ProcessItem[] {
  return items.toSorted((one, other) => other.footprintBytes - one.footprintBytes).slice(0, kept)
}
