import { type AlertRule, idFor, isAbsent, overStudios, type Studio, words } from './alert.ts'

const id = 'host-offline'

/** Failures that say no more than silence does; any other is the machine's own answer. */
const silences: readonly string[] = ['unreachable', 'timeout', 'closed-by-host']

/** A Studio that Tailscale calls offline, or that does not answer while the tailnet works. */
export const hostOffline: AlertRule = {
  id,
  // a restart of the machine takes about this long, a lost Wi-Fi less
  appearsAfterMs: 60_000,
  judge: overStudios((studio) => {
    const { config, peer, link, seen } = studio
    const outcome = outcomeOf(studio)
    if (outcome === null) return null
    const { name } = config
    const seenAt = outcome === 'offline' ? (peer?.lastSeenAt ?? null) : link.lastAnswerAt
    return {
      id: idFor(id, studio),
      severity: 'attention',
      hostId: config.id,
      ...(seenAt === null
        ? words(id, outcome, { name })
        : words(id, `${outcome}-since`, { name, seenAt })),
      action: 'doctor',
      remedy: null,
      // a Studio that was off all along is no news
      isQuiet: !seen.wasOnline,
    }
  }),
}

function outcomeOf(studio: Studio): 'offline' | 'silent' | null {
  const { peer, link } = studio
  // what was tested counts more than what is claimed; the other rules say the cause
  if (link.state === 'live' || isAbsent(studio) || peer?.isKeyExpired === true) return null
  if (peer?.isOnline === false) return 'offline'
  if (link.state !== 'unreachable') return null
  return link.problem === null || silences.includes(link.problem.code) ? 'silent' : null
}
