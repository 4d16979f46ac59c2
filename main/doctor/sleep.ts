import type { Message, Remedy } from '../../preload/contract/base.ts'
import type { Reading } from '../../preload/contract/readings.ts'
import { isSameSubnet } from '../hosts/ssh/path.ts'
import type { PowerValue } from '../probes/power.ts'
import { type Known, platformOf } from './platform.ts'
import { doIt, runIt } from './remedies.ts'
import type { Visit } from './visit.ts'

/** When the Host goes to sleep, as it said at `readAt`. */
export type Sleep =
  | { kind: 'sleeps'; idleMs: number; readAt: string }
  | { kind: 'never'; readAt: string }
  | { kind: 'unknown' }

/** From the last `power` reading, which an unreachable Host keeps, else from what the settings remember of one. */
export function sleepOf({ state, config }: Known): Sleep {
  const reading = state?.readings.power as Reading<PowerValue> | undefined
  const [sleepMinutes, readAt] =
    reading?.kind === 'value' && reading.value.sleepMinutes !== null
      ? [reading.value.sleepMinutes, reading.at]
      : [config.sleepMinutes, config.sleepReadAt]
  if (sleepMinutes === null || readAt === null) return { kind: 'unknown' }
  return sleepMinutes === 0
    ? { kind: 'never', readAt }
    : { kind: 'sleeps', idleMs: sleepMinutes * 60_000, readAt }
}

/** What it means that the Host does not answer, with what is known of its sleep. */
export function silenceOf(visit: Known): Message {
  const { name } = visit.config
  const sleep = sleepOf(visit)
  switch (sleep.kind) {
    case 'sleeps': {
      const { idleMs, readAt } = sleep
      return { key: 'doctor.meaning.asleep', params: { name, idleMs, readAt } }
    }
    case 'never':
      return { key: 'doctor.meaning.never-sleeps', params: { name, readAt: sleep.readAt } }
    case 'unknown':
      return { key: 'doctor.meaning.no-answer' }
  }
}

/** Waking it from here where that can work, and how it stays awake. */
export function wakeRemedies(visit: Visit): Remedy[] {
  const { config, interfaces } = visit
  const { name, macAddress, lanAddress } = config
  const isNear = lanAddress !== null && isSameSubnet(lanAddress, interfaces())
  const remedies: Remedy[] = []
  if (macAddress !== null && isNear) {
    remedies.push(doIt('here', 'doctor.remedy.wake', { name }))
  }
  if (platformOf(visit) === 'darwin') {
    remedies.push(runIt('on-host', 'doctor.remedy.stay-awake', 'sudo pmset -a sleep 0', { name }))
  }
  return remedies
}
