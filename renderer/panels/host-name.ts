import type { HostState } from '../../preload/contract/fleet.ts'
import type { Say } from './say.ts'

/** A Host's name as people read it: the one they gave it, or "This Mac" and "Demo Studio" in their language. */
export function hostName(host: Pick<HostState, 'kind' | 'name' | 'platform'>, say: Say): string {
  if (host.kind === 'demo') return say('popover.host-name.demo')
  if (host.kind === 'local' && host.platform !== null)
    return say(`popover.host-name.${host.platform}`)
  return host.name
}
