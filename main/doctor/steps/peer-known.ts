import type { Message } from '../../../preload/contract/base.ts'
import { machinesPage } from '../../tailnet/pages.ts'
import { ownNetworkOf } from '../own-network.ts'
import { doIt, readIt } from '../remedies.ts'
import { type DoctorStep, outcome } from '../step.ts'

/**
 * Passes where Tailscale lists the Host. That it is “online” is repeated as what Tailscale claims, with its age; the next step
 * judges it. Cut off from its server, Tailscale only repeats what held before.
 */
export const peerKnown: DoctorStep = {
  id: 'peer-known',
  isTailnet: true,
  async look(visit) {
    const { tailnet, peer, renamed, config } = visit
    const [reading, found, names] = await Promise.all([tailnet, peer, renamed])
    if (reading.kind === 'unknown') {
      return outcome('unknown', { key: 'doctor.unknown.tailscale-silent' })
    }
    const { name } = config
    const tailnetName = reading.value.tailnetName ?? '–'
    if (found === null) {
      return outcome(
        'failed',
        { key: 'doctor.peer-known.missing', params: { name } },
        {
          causes: [
            { key: 'doctor.cause.node-removed', params: { name } },
            { key: 'doctor.cause.other-login', params: { tailnetName } },
            { key: 'doctor.cause.policy-hides', params: { name } },
          ],
          remedies: [
            readIt('doctor.remedy.look-at-machines', machinesPage),
            doIt('on-host', 'doctor.remedy.log-in-there', { name }),
          ],
        },
      )
    }
    if (found.isKeyExpired) {
      return outcome(
        'failed',
        { key: 'doctor.peer-known.key-expired', params: { name } },
        {
          meaning: { key: 'doctor.meaning.peer-key-expired', params: { name } },
          remedies: [
            readIt('doctor.remedy.renew-key', machinesPage),
            doIt('on-host', 'doctor.remedy.log-in-there', { name }),
          ],
        },
      )
    }
    if ((await ownNetworkOf(visit)) === 'cut-off') {
      const params = { name: found.name }
      const meaning = names === null ? null : renamedTo(names)
      return outcome('passed', { key: 'doctor.peer-known.stale', params }, { meaning })
    }
    const meaning = names === null ? { key: 'doctor.meaning.claim' } : renamedTo(names)
    // the claim is as old as the reading: Tailscale answers from what it was last told
    if (found.isOnline && names !== null) {
      const { before, now } = names
      const params = { before, now, claimedAt: reading.at }
      return outcome('passed', { key: 'doctor.peer-known.renamed', params }, { meaning })
    }
    if (found.isOnline) {
      const params = { name: found.name, claimedAt: reading.at }
      return outcome('passed', { key: 'doctor.peer-known.online', params }, { meaning })
    }
    const params = { name: found.name, lastSeenAt: found.lastSeenAt }
    const key = found.lastSeenAt === null ? 'offline-unseen' : 'offline'
    return outcome('attention', { key: `doctor.peer-known.${key}`, params }, { meaning })
  },
}

function renamedTo({ before, now }: { before: string; now: string }): Message {
  return { key: 'doctor.meaning.renamed', params: { before, now } }
}
