import { mostAheadMs, type TimeMachineValue } from '../probes/time-machine.ts'
import type { Check, JudgeContext, Judgement } from './check.ts'
import { doIt, inSettings, judgement, panes, withoutReading } from './judgement.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
const freshMs = dayMs
const tooOldMs = 7 * dayMs

/** Without a recent backup, a lost disk, a wrong command or ransomware takes everything since the last one. */
export const timeMachine: Check<'time-machine'> = {
  id: 'time-machine',
  area: 'backup',
  needs: ['time-machine'],
  judge({ 'time-machine': reading }, context) {
    if (reading.kind === 'unknown') return withoutReading('time-machine', reading, context)
    const { destinations, lastBackupAt, isRunning } = reading.value
    const remedy = inSettings('time-machine', panes.timeMachine, context)
    if (destinations.length === 0) return judgement('time-machine', 'fail', 'none', { remedy })
    if (lastBackupAt === null) return withoutBackup(reading.value, context)
    const madeAt = Date.parse(lastBackupAt)
    if (madeAt - context.now > mostAheadMs) {
      // one of the two clocks is wrong, and so is any age by them
      const now = new Date(context.now).toISOString()
      const detail = `the latest backup is of ${lastBackupAt}, and the clock says ${now}`
      return withoutReading('time-machine', { reason: 'unrecognised', detail }, context)
    }
    const ageMs = Math.max(0, context.now - madeAt)
    // In whole minutes, so that the words do not change with every judgement.
    const params = { ageMs: Math.max(minuteMs, Math.floor(ageMs / minuteMs) * minuteMs) }
    if (ageMs <= freshMs) return judgement('time-machine', 'pass', 'fresh', { params })
    if (isRunning) return judgement('time-machine', 'attention', 'running', { params, remedy })
    const state = ageMs <= tooOldMs ? 'attention' : 'fail'
    return judgement('time-machine', state, 'old', { params, remedy })
  },
}

/** No date: it may not be readable, the disk may be away, or there may be no backup yet. */
function withoutBackup(value: TimeMachineValue, context: JudgeContext): Judgement {
  const { destinations, isRunning, lastBackupUnknown } = value
  if (lastBackupUnknown !== null && lastBackupUnknown.reason !== 'unrecognised') {
    return withoutReading('time-machine', lastBackupUnknown, context)
  }
  const remedy = inSettings('time-machine', panes.timeMachine, context)
  if (isRunning && lastBackupUnknown === null) {
    return judgement('time-machine', 'attention', 'first', { remedy })
  }
  if (isRunning !== true && destinations.every(({ mountPath }) => mountPath === null)) {
    const params = { name: destinations[0]?.name ?? '' }
    return judgement('time-machine', 'unknown', 'absent', {
      params,
      remedy: doIt('time-machine-disk', context),
    })
  }
  return lastBackupUnknown === null
    ? judgement('time-machine', 'fail', 'never', { remedy })
    : withoutReading('time-machine', lastBackupUnknown, context)
}
