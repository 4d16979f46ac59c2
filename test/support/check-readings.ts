import type { JudgeContext } from '../../main/checks/check.ts'
import { checks } from '../../main/checks/index.ts'
import { judgeCheck } from '../../main/checks/run.ts'
import type { ProbeId, ProbeValue } from '../../main/probes/index.ts'
import type { Message } from '../../preload/contract/base.ts'
import type { CheckResult } from '../../preload/contract/checks.ts'
import type { Reading, UnknownReason } from '../../preload/contract/readings.ts'
import { now } from './probe-answers.ts'

export const at = new Date(now).toISOString()
export const onHost: JudgeContext = { platform: 'darwin', now }
export const here: JudgeContext = { ...onHost, isHere: true }

export function value<Id extends ProbeId>(_id: Id, one: ProbeValue<Id>): Reading<ProbeValue<Id>> {
  return { kind: 'value', value: one, at }
}

/** A desktop that stays awake, and starts by itself after a power cut, but for these fields. */
export function powerValue(fields: Partial<ProbeValue<'power'>>): Reading<ProbeValue<'power'>> {
  return value('power', {
    ...{ source: 'mains', sleepMinutes: 0, isSleepPrevented: false, isAutoRestartOn: true },
    ...{ hasBattery: false, batteryRatio: null },
    ...fields,
  })
}

export function unknown(reason: UnknownReason): Reading<never> {
  return { kind: 'unknown', reason, detail: 'the words of a program', at }
}

/** The result of one check, by its id. */
export function judge(
  id: string,
  readings: { [Id in ProbeId]?: Reading },
  context: JudgeContext = onHost,
): CheckResult {
  const check = checks.find((one) => one.id === id)
  const result = check === undefined ? null : judgeCheck(check, readings, context)
  if (result === null) throw new Error(`${id} has no result`)
  return result
}

/** The last part of a message's key: `check.filevault.title.on` → `on` */
export function outcome(message: Message): string {
  return message.key.split('.').at(-1) ?? ''
}
