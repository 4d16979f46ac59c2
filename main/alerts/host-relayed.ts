import { type AlertRule, idFor, overStudios, words } from './alert.ts'

const id = 'host-relayed'

/**
 * The way to a Studio was direct and now goes through a relay of Tailscale's: slower, and shared with others. Each
 * connection begins there, so that a moment of it means nothing.
 */
export const hostRelayed: AlertRule = {
  id,
  appearsAfterMs: 60_000,
  judge: overStudios((studio) => {
    const { config, peer, link, seen } = studio
    if (peer?.path !== 'relay' || !seen.wasDirect) return null
    // to a machine that is gone Tailscale still tries its relay, and calls that the path
    if (!peer.isOnline || link.state === 'unreachable') return null
    const region = peer.relayRegion ?? null
    return {
      id: idFor(id, studio),
      severity: 'attention',
      hostId: config.id,
      ...(region === null
        ? words(id, 'somewhere', { name: config.name })
        : words(id, 'region', { name: config.name, region })),
      action: 'doctor',
      remedy: {
        ...{ kind: 'read', where: 'here', text: { key: 'alert.remedy.relayed' } },
        target: 'https://tailscale.com/kb/1257/connection-types',
      },
    }
  }),
}
