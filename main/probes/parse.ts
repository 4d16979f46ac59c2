import type { Reading } from '../../preload/contract/readings.ts'
import type { Argv, CommandOutput, Platform } from '../hosts/host.ts'
import { type Answer, isUnparsed, type ParseContext, type Probe, unparsed } from './probe.ts'

/** The pure half of `readProbe`: from answers to a Reading taken `context.now`. */
export function parseProbe<Value>(
  probe: Probe<string, Value>,
  answers: readonly Answer[],
  context: ParseContext,
): Reading<Value> {
  const at = new Date(context.now).toISOString()
  const value = probe.parse(answers, context)
  return isUnparsed(value) ? { ...value, at } : { kind: 'value', value, at }
}

/** The answers to a probe's questions out of what commands have printed; null while one has no answer yet. */
export function answersFrom(
  probe: Probe,
  platform: Platform,
  outputOf: (argv: Argv) => CommandOutput | undefined,
): Answer[] | null {
  const answers: Answer[] = []
  for (const question of probe.questions[platform] ?? []) {
    const given = question.flatMap((argv) => {
      const output = outputOf(argv)
      return output === undefined ? [] : [{ ...output, argv }]
    })
    if (given.length === 0) return null
    answers.push(given.find((answer) => isUsable(probe, answer)) ?? bestOf(given, question[0]))
  }
  return answers
}

export function isUsable(probe: Probe, answer: Answer): boolean {
  if (answer.failure !== undefined || answer.isMissing || answer.isNotRecorded) return false
  if (probe.isUsable !== undefined) return probe.isUsable(answer, answer.argv)
  return answer.exitCode === 0 && answer.stdout.trim() !== ''
}

/** The last answer that said anything at all, or else why none did. */
export function bestOf(answers: readonly Answer[], argv: Argv): Answer {
  const saysSomething = answers.filter(
    ({ isMissing, isNotRecorded }) => !isMissing && !isNotRecorded,
  )
  const none = { argv, stdout: '', stderr: '', exitCode: 127, durationMs: 0, isMissing: true }
  return (
    saysSomething.at(-1) ?? answers.find(({ isMissing }) => isMissing) ?? answers.at(-1) ?? none
  )
}

export function notSupported(probe: Probe, platform: Platform, now: number): Reading<never> {
  const detail = `${probe.id} cannot be asked on ${platform === 'darwin' ? 'macOS' : 'Linux'}`
  return { ...unparsed('not-supported', detail), at: new Date(now).toISOString() }
}
