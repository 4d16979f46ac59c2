import type { Check } from './check.ts'
import { doIt, inSettings, judgement, panes, withoutReading } from './judgement.ts'

/** Without encryption, whoever takes the machine or its disk reads every file on it: models, keys, mail, backups. */
export const filevault: Check<'filevault'> = {
  id: 'filevault',
  area: 'security',
  needs: ['filevault'],
  judge({ filevault: reading }, context) {
    if (reading.kind === 'unknown') return withoutReading('filevault', reading, context)
    const { state, progressRatio } = reading.value
    const turnOn = inSettings('filevault', panes.fileVault, context)
    switch (state) {
      case 'on':
        return judgement('filevault', 'pass', 'on')
      case 'encrypting': {
        const remedy = doIt('filevault-wait', context)
        if (progressRatio === null)
          return judgement('filevault', 'attention', 'encrypting', { remedy })
        const params = { doneRatio: progressRatio }
        return judgement('filevault', 'attention', 'encrypting-part', { params, remedy })
      }
      case 'deferred':
        return judgement('filevault', 'attention', 'deferred', {
          remedy: doIt('filevault-log-out', context),
        })
      case 'decrypting':
        return judgement('filevault', 'fail', 'decrypting', { remedy: turnOn })
      case 'off':
        return judgement('filevault', 'fail', 'off-now', { remedy: turnOn })
    }
  },
}
