import type { Reading, UnknownReason } from '../../preload/contract/readings.ts'
import {
  type Argv,
  type Host,
  HostError,
  type HostErrorKind,
  type Identity,
} from '../hosts/host.ts'
import { quote } from './answer.ts'
import { bestOf, isUsable, notSupported, parseProbe } from './parse.ts'
import { type Answer, forAccount, type Probe, type Question, unparsed } from './probe.ts'

export { createTickReader, tickList } from './tick.ts'

export interface ReadOptions {
  signal?: AbortSignal
}

/**
 * Asks one Probe on a Host. Never rejects: what could not be asked is an `unknown` with its reason. Runs the commands of
 * all questions at once, the alternatives of one question one after the other.
 */
export async function readProbe<Value>(
  host: Host,
  probe: Probe<string, Value>,
  { signal }: ReadOptions = {},
): Promise<Reading<Value>> {
  try {
    const identity = await host.identify(signal === undefined ? {} : { signal })
    const { platform } = identity
    const questions = probe.questions[platform]
    if (questions === undefined) return notSupported(probe, platform, host.now())
    const ask = () =>
      Promise.all(questions.map((question) => askQuestion(host, probe, question, identity, signal)))
    let previous: Answer[] | undefined
    if (probe.comparesOn?.includes(platform)) {
      previous = await ask()
      await host.run(['sleep', '1'], signal === undefined ? {} : { signal })
    }
    const answers = await ask()
    const now = host.now()
    return parseProbe(probe, answers, { platform, now, ...(previous && { previous }) })
  } catch (error) {
    return failedReading(error, host.now())
  }
}

/** The first usable output of a question's alternatives, or the last that said anything at all. */
async function askQuestion(
  host: Host,
  probe: Probe,
  question: Question,
  identity: Identity,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const answers: Answer[] = []
  for (const argv of question) {
    if (probe.isWorthAsking?.(argv, answers) === false) continue
    const answer = await runForAnswer(host, probe, forAccount(argv, identity), signal)
    if (isUsable(probe, answer)) return answer
    answers.push(answer)
    // The same program would take as long once more.
    if (answer.failure !== undefined) break
  }
  return bestOf(answers, question[0])
}

async function runForAnswer(
  host: Host,
  probe: Probe,
  argv: Argv,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  try {
    const output = await host.run(argv, {
      ...(probe.timeoutMs !== undefined && { timeoutMs: probe.timeoutMs }),
      ...(signal !== undefined && { signal }),
    })
    return { ...output, argv }
  } catch (error) {
    if (!(error instanceof HostError) || error.kind !== 'timeout') throw error
    const failure = unparsed('timed-out', `no answer in time from: ${argv.join(' ')}`)
    return { argv, stdout: '', stderr: '', exitCode: -1, durationMs: 0, failure }
  }
}

const reasonOfFailure: Readonly<Record<HostErrorKind, UnknownReason>> = {
  unreachable: 'unreachable',
  auth: 'not-authenticated',
  'host-key': 'host-key',
  timeout: 'timed-out',
  cancelled: 'cancelled',
}

function failedReading(error: unknown, now: number): Reading<never> {
  const reason = error instanceof HostError ? reasonOfFailure[error.kind] : 'unrecognised'
  const detail = error instanceof Error ? error.message : quote(String(error))
  return { ...unparsed(reason, detail), at: new Date(now).toISOString() }
}
