import type { Check } from './check.ts'
import { inSettings, judgement, panes, withoutReading } from './judgement.ts'

/** An update names the holes that it closes: from that day on, whoever has not installed it has holes known to all. */
export const updates: Check<'updates'> = {
  id: 'updates',
  area: 'updates',
  needs: ['updates'],
  judge({ updates: reading }, context) {
    if (reading.kind === 'unknown') return withoutReading('updates', reading, context)
    const { items } = reading.value
    if (items.length === 0) return judgement('updates', 'pass', 'none')
    const params = { count: items.length, titles: items.map(({ title }) => title).join(', ') }
    const needsRestart = items.some(({ isRestartNeeded }) => isRestartNeeded)
    return judgement('updates', 'attention', needsRestart ? 'restart' : 'waiting', {
      params,
      remedy: inSettings('updates', panes.softwareUpdate, context),
    })
  },
}
