import type { DoctorProgress, DoctorStep } from '../../../preload/contract/doctor.ts'
import { hiddenAddress, withoutLogIns } from '../../../preload/words/doctor-text.ts'
import { clock } from '../compose.ts'
import type { CliArgs } from './args.ts'
import { findSshConfig } from './host.ts'
import { type CliIo, type ExitCode, exitCodes } from './io.ts'
import { formatTable } from './table.ts'
import { remedyMessage, tryEachHop } from './where-it-breaks.ts'

const marks: Readonly<Record<DoctorStep['state'], string>> = {
  running: '…',
  passed: '✓',
  attention: '!',
  failed: '✗',
  ...{ skipped: '–', off: '–' },
  unknown: '?',
}

/** Tries each hop to a Host of the settings. 0: nothing is broken, 1: something is. */
export async function doctor(args: CliArgs, io: CliIo): Promise<ExitCode> {
  const config = findSshConfig(args.hostName ?? '', io)
  const found = await tryEachHop(config, io)
  io.out(args.isJson ? json(found, io) : table(found, io))
  return found.brokenStepId === null ? exitCodes.ok : exitCodes.attention
}

function table(progress: DoctorProgress, io: CliIo): string {
  const now = clock.now()
  const { hostName, steps } = withoutLogIns(progress, io.say(hiddenAddress))
  const rows = steps.flatMap(({ id, state, found, meaning, causes, remedies, detail }) => {
    const isGood = state === 'passed' || state === 'skipped' || state === 'off'
    const causeKey = causes.length === 1 ? 'doctor.text.cause' : 'doctor.text.possible-cause'
    const say = (message: DoctorStep['found'] & object) => io.say(message, io.language, now)
    const more = isGood
      ? []
      : [
          ...(meaning === null ? [] : [say(meaning)]),
          ...causes.map((cause) => say({ key: causeKey, params: { cause: say(cause) } })),
          ...remedies.map((remedy) => `→ ${say(remedyMessage(remedy, hostName, say))}`),
          ...(detail === null ? [] : [say({ key: 'doctor.text.said', params: { words: detail } })]),
        ]
    const name = say({ key: `doctor.step.${id}` })
    const sentence = found === null ? '' : say(found)
    return [[marks[state], name, sentence], ...more.map((line) => ['', '', line])]
  })
  return formatTable(rows)
}

/** For programs: English sentences, each with its key and facts. */
function json(all: DoctorProgress, io: CliIo): string {
  const now = clock.now()
  const hidden = io.say(hiddenAddress, 'en')
  const { steps, ...progress } = withoutLogIns(all, hidden)
  const said = (message: DoctorStep['found']) =>
    message === null
      ? null
      : { text: io.say(message, 'en', now), key: message.key, params: message.params ?? {} }
  const { hostName, startedAt, brokenStepId } = progress
  const result = {
    host: { name: hostName },
    at: startedAt,
    brokenStepId,
    steps: steps.map(({ found, meaning, causes, remedies, ...step }) => ({
      ...step,
      ...{ found: said(found), meaning: said(meaning), causes: causes.map(said) },
      remedies: remedies.map(({ text, target, ...remedy }) => ({
        ...remedy,
        text: said(text),
        ...(target === undefined || target === hidden ? {} : { target }),
      })),
    })),
  }
  return `${JSON.stringify(result, null, 2)}\n`
}
