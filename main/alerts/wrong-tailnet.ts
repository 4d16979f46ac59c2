import type { Tailnet } from '../../preload/contract/tailnet.ts'
import {
  type AlertRule,
  idFor,
  isAbsent,
  overStudios,
  type Studio,
  suffixOf,
  words,
} from './alert.ts'

const id = 'wrong-tailnet'

/**
 * Tailscale says that all is well, but in another account's tailnet, where the Studio is not (tailscale#19683). Where nothing is
 * known of the other tailnet, only that the Studio is not in this one.
 */
export const wrongTailnet: AlertRule = {
  id,
  // after a login the list of machines fills up
  appearsAfterMs: 15_000,
  judge: overStudios((studio, tailnet) => {
    if (!isAbsent(studio) || studio.link.state === 'live') return null
    const { config } = studio
    const { name } = config
    const there = otherTailnet(studio, tailnet)
    const here = tailnet.tailnetName ?? tailnet.loginName
    const common = { id: idFor(id, studio), severity: 'fail' as const, hostId: config.id }
    if (there !== null) {
      return {
        ...{ ...common, ...words(id, 'other', { name, there, here }), action: null },
        remedy: {
          ...{ kind: 'run-command', where: 'here', text: { key: 'alert.remedy.switch-tailnet' } },
          target: 'tailscale switch --list',
        },
      }
    }
    return { ...common, ...words(id, 'absent', { name, here }), action: 'doctor', remedy: null }
  }),
}

/** The tailnet that a Studio is in, where it is known to be another than the one of now. */
function otherTailnet({ config, seen }: Studio, tailnet: Tailnet): string | null {
  const before = seen.tailnet
  // of before the app started, the settings know
  const name = before?.name ?? config.tailnetName
  const isOther =
    isChanged(name, tailnet.tailnetName) || isChanged(before?.account, tailnet.loginName)
  if (isOther) return name ?? before?.account ?? null
  const suffix = suffixOf(config.target)
  return isChanged(suffix, suffixOf(tailnet.self?.dnsName ?? null)) ? suffix : null
}

function isChanged(before: string | null | undefined, now: string | null | undefined): boolean {
  return (before ?? null) !== null && (now ?? null) !== null && before !== now
}
