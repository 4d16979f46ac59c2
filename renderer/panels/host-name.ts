import type { HostState } from '../../preload/contract/fleet.ts'
import type { Say } from './say.ts'

/** A Host's name as people read it: the one they gave it; this machine has one in their language. */
export function hostName(host: Pick<HostState, 'kind' | 'name' | 'platform'>, say: Say): string {
  if (host.kind === 'local' && host.platform !== null)
    return say(`popover.host-name.${host.platform}`)
  return host.name
}
