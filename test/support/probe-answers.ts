import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Argv, Platform } from '../../main/hosts/host.ts'
import type { ProbeId } from '../../main/probes/index.ts'
import type { Answer, Probe, Unparsed } from '../../main/probes/probe.ts'

/** 2026-11-20 09:00 UTC, the "now" of probe tests. */
export const now = Date.parse('2026-11-20T09:00:00Z')

export function fixture(id: ProbeId, name: string): string {
  return readFileSync(join(import.meta.dirname, '../fixtures/probes', id, name), 'utf8')
}

/** What a program printed, on stdout unless `options` say more. */
export function answer(stdout: string, options: Partial<Answer> = {}): Answer {
  return { argv: ['program'], stdout, stderr: '', exitCode: 0, durationMs: 1, ...options }
}

/** Parses texts as the first answers of a probe's questions. */
export function parse<Value>(
  probe: Probe<string, Value>,
  platform: Platform,
  ...given: (string | Answer)[]
): Value | Unparsed {
  const argvs = (probe.questions[platform] ?? []).map(([argv]) => argv)
  const answers = given.map((one, index) => {
    const argv: Argv = argvs[index] ?? ['program']
    return typeof one === 'string' ? answer(one, { argv }) : { ...one, argv }
  })
  return probe.parse(answers, { platform, now })
}

/** A text without the lines that contain a word. */
export function without(text: string, word: string): string {
  const lines = text.split('\n').filter((line) => !line.includes(word))
  if (lines.length === text.split('\n').length) throw new Error(`no line with ${word}`)
  return lines.join('\n')
}

/**
 * What every parser does with answers that hold no value: nothing printed, an error, a refusal, no program, no recorded
 * answer. Each is `unknown` with its own reason; none becomes a value.
 */
export function testBadAnswers(probe: Probe, platform: Platform) {
  const count = probe.questions[platform]?.length ?? 0
  const bad: readonly [string, Partial<Answer>, string][] = [
    ['an empty output', {}, 'unrecognised'],
    ['an error text', { stdout: 'xyzzy: internal error 7\n' }, 'unrecognised'],
    ['a non-zero exit', { stderr: 'xyzzy: usage\n', exitCode: 64 }, 'unrecognised'],
    ['a refusal', { stderr: 'xyzzy: Operation not permitted\n', exitCode: 1 }, 'not-permitted'],
    ['a demand for root', { stdout: 'You must be root to do this.\n' }, 'needs-root'],
    ['no program', { exitCode: 127, isMissing: true }, 'not-installed'],
    ['no recorded answer', { exitCode: 1, isNotRecorded: true }, 'not-recorded'],
  ]
  for (const [name, options, reason] of bad) {
    test(`${platform}: ${name} is unknown: ${reason}`, () => {
      const given = Array.from({ length: count }, () => answer('', options))
      const value = parse(probe, platform, ...given)
      const isAbsent = reason === 'unrecognised' && (value as Unparsed).reason === 'not-supported'
      expect(value).toMatchObject({
        kind: 'unknown',
        reason: isAbsent ? 'not-supported' : reason,
        detail: expect.any(String),
      })
    })
  }
}
