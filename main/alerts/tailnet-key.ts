import { type AlertRule, neededFor, overTailnet, words } from './alert.ts'
import { keyOutcome, renewKey } from './key-expiry.ts'

const id = 'tailnet-key'

/** This machine's key to the tailnet expires soon, or has. */
export const tailnetKey: AlertRule = {
  id,
  appearsAfterMs: 5_000,
  judge: overTailnet(({ self }, view) => {
    const studio = neededFor(view)
    const outcome = self === null ? null : keyOutcome(self, view.now)
    if (studio === null || self === null || outcome === null) return []
    const { keyExpiresAt } = self
    const isExpired = outcome === 'expired'
    return [
      {
        // two ids: the second is news although the first was there
        id: `${id}-${outcome}`,
        severity: isExpired ? 'fail' : 'attention',
        hostId: null,
        ...words(id, outcome, { name: studio.config.name, keyExpiresAt }),
        action: isExpired ? 'tailnet-log-in' : null,
        remedy: isExpired ? null : renewKey('here'),
      },
    ]
  }),
}
