import type { Check } from './check.ts'
import { doIt, judgement, withoutReading } from './judgement.ts'

/** A model that was swapped out answers a hundred times slower; large machines should not swap at all. */
export const swap: Check<'swap' | 'memory'> = {
  id: 'swap',
  area: 'capacity',
  needs: ['swap', 'memory'],
  judge({ swap: reading, memory }, context) {
    if (reading.kind === 'unknown') return withoutReading('swap', reading, context)
    if (memory.kind === 'unknown') return withoutReading('swap', memory, context)
    const { usedBytes } = reading.value
    const { totalBytes } = memory.value
    const params = { usedBytes }
    // macOS moves a little to disk on any machine; only an amount that a model could miss is worth a word.
    if (usedBytes > Math.min(totalBytes / 2, 64e9)) {
      return judgement('swap', 'fail', 'much', { params, remedy: doIt('memory', context) })
    }
    if (usedBytes > Math.min(totalBytes / 10, 16e9)) {
      return judgement('swap', 'attention', 'some', { params, remedy: doIt('memory', context) })
    }
    return judgement('swap', 'pass', usedBytes === 0 ? 'none' : 'little', { params })
  },
}
