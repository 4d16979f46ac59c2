import type { Unknown, UnknownReason } from '../../preload/contract/readings.ts'
import type { Argv, CommandOutput, Identity, Platform } from '../hosts/host.ts'

/** Alternatives for one question, best first: the next is asked where the one before gave no usable answer. */
export type Question = readonly [Argv, ...Argv[]]

/** Stands for the account's number in the arguments of a {@link Question}; see {@link forAccount}. */
export const userIdWord = '%uid%'

/** The arguments with the account's number filled in. */
export function forAccount([program, ...args]: Argv, { userId }: Pick<Identity, 'userId'>): Argv {
  return [program, ...args.map((arg) => (arg === userIdWord ? String(userId) : arg))]
}

/**
 * The first usable output for a Question, or the last one that said anything; `argv` says which alternative it is.
 */
export interface Answer extends CommandOutput {
  argv: Argv
  /** The command could not be run to its end, although the Host answers: it took too long. */
  failure?: Unparsed
}

/** What a `parse` returns when the text holds no value: the reason, and a detail that names the label and quotes the text. */
export type Unparsed = Pick<Unknown, 'kind' | 'reason' | 'detail'>

/** What a `parse` may know beside the text. */
export interface ParseContext {
  platform: Platform
  /** Milliseconds since 1970 on the Host; see Host.now. */
  now: number
  /** The answers before these ones, where there were any; see {@link Probe.comparesOn}. */
  previous?: readonly Answer[]
}

/** How closely a Host is looked at, from the menu bar's number to the Host on display; each asks what the one before asks, and more. */
export const gaugeDemands = ['background', 'open', 'focus'] as const
export type GaugeDemand = (typeof gaugeDemands)[number]

/** A field of a probe's value, for a table that shows a probe without a panel of its own. Unit as in the field's name. */
export interface Column {
  field: string
  /** One plain sentence, with the unit. */
  about: string
}

/**
 * One question to a Host. A Probe is data and pure functions: it runs nothing itself, so the same Probe serves a
 * local machine, one over SSH and a recording.
 */
export interface Probe<Id extends string = string, Value = unknown> {
  id: Id
  columns: readonly Column[]
  /** How often the value is worth asking for, whoever needs it; 1000 = with every tick. The one place that says so. */
  everyMs: number
  /** Answered by ticks, from this demand on. Absent: asked by itself, for the checks that need it. */
  gauge?: GaugeDemand
  /** @default 15000 */
  timeoutMs?: number
  /** Platforms where the commands wait or work for long (iostat, top); see Tick.isSlow. */
  slowOn?: readonly Platform[]
  /**
   * Platforms where one answer says nothing because it counts since the start: `parse` compares it with
   * `ParseContext.previous`. A single reading asks twice, a second apart.
   */
  comparesOn?: readonly Platform[]
  /** Commands whose answer stays while the Host runs: a gauge asks them once an hour and keeps the answer meanwhile. */
  settled?: readonly Argv[]
  /** Exact arguments per platform; absent = `not-supported` there. */
  questions: Partial<Record<Platform, readonly Question[]>>
  /**
   * Is this output worth parsing, or is the next alternative asked? Default: exit code 0 and something on stdout.
   * With no usable output at all, `parse` is still called with the last one: an exit code can be the answer.
   */
  isUsable?(output: CommandOutput, argv: Argv): boolean
  /**
   * Is an alternative worth asking after these answers to the same question, none of which was usable? Default: yes. For one that
   * helps against a certain failure only, and would hide the others' words.
   */
  isWorthAsking?(argv: Argv, before: readonly CommandOutput[]): boolean
  /** Pure and total: never throws, for any text. One answer per question, in order. */
  parse(answers: readonly Answer[], context: ParseContext): Value | Unparsed
}

/** Short for {@link Unparsed}. `detail` quotes at most 200 characters of what was there. */
export function unparsed(reason: UnknownReason, detail: string): Unparsed {
  return {
    kind: 'unknown',
    reason,
    detail: detail.length > 300 ? `${detail.slice(0, 300)}…` : detail,
  }
}

/** Tells what a parser could not make out from a value. */
export function isUnparsed(value: unknown): value is Unparsed {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    value.kind === 'unknown' &&
    'reason' in value
  )
}
