import { explain, textOf, wholeNumber } from './answer.ts'
import type { Probe } from './probe.ts'

export interface PowerValue {
  source: 'mains' | 'battery' | 'ups' | null
  /** Idle minutes until the machine sleeps; 0 = never. */
  sleepMinutes: number | null
  /** Somebody holds it awake for now, whatever `sleepMinutes` says. */
  isSleepPrevented: boolean
  /** Starts by itself after a power failure; null where the machine has no such setting. */
  isAutoRestartOn: boolean | null
  hasBattery: boolean | null
  /** 0 to 1. */
  batteryRatio: number | null
}

/**
 * Sleep and mains. Several keys end in "sleep", and one begins with "Sleep On"; only the bare word counts. A desktop
 * prints only the first line of `-g batt`.
 *
 *     SleepDisabled		0
 *     sleep                1 (sleep prevented by powerd, sharingd)
 *     autorestart          1
 *
 *     Now drawing from 'AC Power'
 *      -InternalBattery-0 (id=35324003)	24%; charging; 2:10 remaining present: true
 */
export const power: Probe<'power', PowerValue> = {
  id: 'power',
  columns: [
    { field: 'source', about: 'Where the machine takes its power from' },
    { field: 'sleepMinutes', about: 'Idle minutes until it sleeps; 0 is never' },
    { field: 'isSleepPrevented', about: 'Whether something keeps it awake for now' },
    { field: 'isAutoRestartOn', about: 'Whether it starts by itself after a power failure' },
    { field: 'hasBattery', about: 'Whether it has a battery' },
    { field: 'batteryRatio', about: 'Charge of the battery, from 0 to 1' },
  ],
  everyMs: 300_000,
  questions: { darwin: [[['pmset', '-g']], [['pmset', '-g', 'batt']]] },
  parse([settings, battery]) {
    const text = settings?.stdout ?? ''
    const sleep = /^[ \t]*sleep[ \t]+(\d{1,6})\b(.*)$/m.exec(text)
    const isSleepDisabled = numberOf(text, 'SleepDisabled') === 1
    const drawn = textOf(battery)
    const source = sourceOf(drawn)
    if (sleep === null && source === null) {
      return explain(settings, 'sleep')
    }
    const autorestart = numberOf(text, 'autorestart')
    const percent = wholeNumber(/InternalBattery.*\t(\d{1,3})%/.exec(drawn)?.[1])
    return {
      source,
      sleepMinutes: isSleepDisabled ? 0 : wholeNumber(sleep?.[1]),
      isSleepPrevented: (sleep?.[2] ?? '').includes('sleep prevented by'),
      isAutoRestartOn: autorestart === null ? null : autorestart === 1,
      hasBattery: source === null ? null : drawn.includes('InternalBattery'),
      batteryRatio: percent === null ? null : Math.min(percent, 100) / 100,
    }
  },
}

function numberOf(text: string, label: string): number | null {
  return wholeNumber(new RegExp(`^[ \\t]*${label}[ \\t]+(\\d{1,6})[ \\t]*$`, 'm').exec(text)?.[1])
}

function sourceOf(text: string): PowerValue['source'] {
  const words = /Now drawing from '(AC|Battery|UPS) Power'/.exec(text)?.[1]
  if (words === 'AC') return 'mains'
  if (words === 'Battery') return 'battery'
  return words === 'UPS' ? 'ups' : null
}
