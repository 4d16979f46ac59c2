import type { CheckResult } from '../../../preload/contract/checks.ts'
import { checks } from '../../checks/index.ts'
import { judgeAll } from '../../checks/run.ts'
import { heading } from './heading.ts'
import { hostJson, type OpenHost } from './host.ts'
import { type CliIo, type ExitCode, exitCodes } from './io.ts'
import { readAll } from './read-all.ts'
import { formatTable } from './table.ts'

const marks: Readonly<Record<CheckResult['state'], string>> = {
  pass: '✓',
  attention: '!',
  fail: '✗',
  unknown: '?',
  off: '–',
}

/** Every judgement over a Host. */
export async function check(open: OpenHost, io: CliIo, isJson: boolean): Promise<ExitCode> {
  const { host, identity } = open
  const needs = [...new Set(checks.flatMap((one) => one.needs))]
  const results = judgeAll(await readAll(open, needs, io), {
    platform: identity.platform,
    now: host.now(),
    isHere: host.kind === 'local',
  })
  if (isJson) {
    const json = {
      host: hostJson(open),
      checks: results.map((one) => checkJson(one, io, host.now())),
    }
    io.out(`${JSON.stringify(json, null, 2)}\n`)
  } else {
    io.out(
      `${heading(open, io)}\n${formatTable(results.flatMap((one) => rows(one, io, host.now())))}`,
    )
  }
  return exitCodeOf(results.map(({ state }) => state))
}

/** The status that scripts can use: see `docs/command-line.md`. */
function exitCodeOf(states: readonly CheckResult['state'][]): ExitCode {
  if (states.some((state) => state === 'attention' || state === 'fail')) return exitCodes.attention
  return states.includes('unknown') ? exitCodes.unknown : exitCodes.ok
}

/** For programs: English sentences, each with its key and facts. */
function checkJson({ title, reason, remedy, ...result }: CheckResult, io: CliIo, now: number) {
  return {
    id: result.id,
    area: result.area,
    state: result.state,
    title: io.say(title, 'en', now),
    reason: io.say(reason, 'en', now),
    reasonKey: reason.key,
    params: reason.params ?? {},
    ...(remedy !== undefined && {
      remedy: {
        kind: remedy.kind,
        where: remedy.where,
        text: io.say(remedy.text, 'en', now),
        textKey: remedy.text.key,
        ...(remedy.target !== undefined && { target: remedy.target }),
      },
    }),
    at: result.at,
  }
}

function rows({ id, state, reason, remedy }: CheckResult, io: CliIo, now: number): string[][] {
  const say = (message: CheckResult['reason']) => io.say(message, io.language, now)
  const name = say({ key: `check.${id}.name` })
  const lines = [[marks[state], say({ key: `cli.state.${state}` }), name, say(reason)]]
  if (remedy !== undefined && state !== 'pass' && state !== 'off') {
    const target =
      remedy.kind === 'run-command' || remedy.kind === 'read' ? remedy.target : undefined
    lines.push(['', '', '', `→ ${say(remedy.text)}${target === undefined ? '' : ` ${target}`}`])
  }
  return lines
}
