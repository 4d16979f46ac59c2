import type { Check } from './check.ts'
import { doIt, judgement, withoutReading } from './judgement.ts'

/** Under pressure everything slows down together, and macOS may end programs: the model server as the largest first. */
export const memoryPressure: Check<'memory-pressure'> = {
  id: 'memory-pressure',
  area: 'capacity',
  needs: ['memory-pressure'],
  judge({ 'memory-pressure': reading }, context) {
    if (reading.kind === 'unknown') return withoutReading('memory-pressure', reading, context)
    const remedy = doIt('memory', context)
    switch (reading.value.level) {
      case 'normal':
        return judgement('memory-pressure', 'pass', 'normal')
      case 'warning':
        return judgement('memory-pressure', 'attention', 'warning', { remedy })
      case 'critical':
        return judgement('memory-pressure', 'fail', 'critical', { remedy })
    }
  },
}
