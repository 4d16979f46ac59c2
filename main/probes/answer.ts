import type { UnknownReason } from '../../preload/contract/readings.ts'
import type { CommandOutput } from '../hosts/host.ts'
import { type Answer, type Unparsed, unparsed } from './probe.ts'

/** Both streams in one text: Apple's programs put their answers on either. */
export function textOf(output: CommandOutput | undefined): string {
  if (output === undefined) return ''
  const { stdout, stderr } = output
  return stdout !== '' && stderr !== '' && !stdout.endsWith('\n')
    ? `${stdout}\n${stderr}`
    : stdout + stderr
}

/** At most 200 characters of a text, on one line, for a detail. */
export function quote(text: string): string {
  const line = text.slice(0, 400).replace(/\s+/g, ' ').trim()
  return line === '' ? 'nothing' : `"${line.length > 200 ? `${line.slice(0, 200)}…` : line}"`
}

/** What programs say when they are not allowed to answer. The first that matches counts. */
const refusals: readonly (readonly [RegExp, UnknownReason])[] = [
  [/full disk access/i, 'needs-full-disk-access'],
  [
    /administrator access|must be (run as )?root|requires? root|superuser|run (it )?as root/i,
    'needs-root',
  ],
  [/operation not permitted|permission denied|not authorized|not permitted/i, 'not-permitted'],
]

/**
 * Why there is no value in an answer: not recorded, not installed, refused, or else `unrecognised` with the label that
 * is missing and the text that was there.
 */
export function explain(answer: Answer | undefined, label: string): Unparsed {
  if (answer === undefined) return unparsed('unrecognised', `no answer that could hold "${label}"`)
  const command = answer.argv.join(' ')
  if (answer.failure !== undefined) return answer.failure
  if (answer.isNotRecorded) return unparsed('not-recorded', `no recorded answer for: ${command}`)
  if (answer.isMissing) return unparsed('not-installed', `${answer.argv[0]} is not there`)
  const text = textOf(answer)
  const refusal = refusals.find(([words]) => words.test(text))
  if (refusal !== undefined) return unparsed(refusal[1], `${answer.argv[0]} says ${quote(text)}`)
  const status = answer.exitCode === 0 ? '' : ` (exit status ${answer.exitCode})`
  return unparsed('unrecognised', `no "${label}" in ${quote(text)}${status}`)
}

/**
 * Lines of the form `label: value` by label, both trimmed, quotes around a label removed. The first line of a label
 * counts. `"Translation faults":  18519673.` → `Translation faults` = `18519673.`
 */
export function labelled(text: string, separator = ':'): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const line of text.split('\n')) {
    const end = line.indexOf(separator)
    if (end < 0) continue
    const label = line.slice(0, end).trim().replace(/^"|"$/g, '')
    if (!values.has(label)) values.set(label, line.slice(end + separator.length).trim())
  }
  return values
}

/** Lines of a sensible length: in a megabyte without a line break there is nothing to find, and looking takes long. */
export function linesOf(text: string | undefined): string[] {
  return (text ?? '').split('\n').filter((line) => line.length <= 4096)
}

/** A whole number without sign, exact; null for any other text. */
export function wholeNumber(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return null
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : null
}

/** The value that `sysctl` prints, with `-n` or with its name before it. */
export function sysctlValue(text: string): string {
  return text.trim().replace(/^[a-z]\w*(?:\.\w+)+:\s*/, '')
}

const unitBytes: Readonly<Record<string, number>> = {
  B: 1,
  K: 2 ** 10,
  M: 2 ** 20,
  G: 2 ** 30,
  T: 2 ** 40,
}

/** `1423M`, `2048.00M`, `12K` as bytes, in steps of 1024 as Apple's programs count; null for any other text. */
export function sizedBytes(text: string): number | null {
  const [, digits, unit] = /^(\d{1,12}(?:\.\d{1,6})?)([BKMGT]?)$/.exec(text) ?? []
  if (digits === undefined) return null
  const bytes = Math.round(Number(digits) * (unitBytes[unit || 'B'] ?? 1))
  return Number.isSafeInteger(bytes) ? bytes : null
}

/** A moment as ISO 8601 in UTC; null for other texts and for Go's zero time, the year 1. */
export function isoOf(text: unknown): string | null {
  if (typeof text !== 'string') return null
  const time = new Date(text)
  return Number.isNaN(time.getTime()) || time.getTime() <= 0 ? null : time.toISOString()
}
