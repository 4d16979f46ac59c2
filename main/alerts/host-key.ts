import { type AlertRule, idFor, overStudios, words } from './alert.ts'
import { keyOutcome, renewKey } from './key-expiry.ts'

const id = 'host-key'

/** A Studio's key to the tailnet expires soon, or has: then only somebody who sits at it can bring it back. */
export const hostKey: AlertRule = {
  id,
  appearsAfterMs: 5_000,
  judge: overStudios((studio, _tailnet, { now }) => {
    const { config, peer } = studio
    const outcome = peer === null ? null : keyOutcome(peer, now)
    if (peer === null || outcome === null) return null
    return {
      id: idFor(`${id}-${outcome}`, studio),
      severity: outcome === 'expired' ? 'fail' : 'attention',
      hostId: config.id,
      ...words(id, outcome, { name: config.name, keyExpiresAt: peer.keyExpiresAt }),
      action: null,
      remedy: renewKey('on-host'),
    }
  }),
}
