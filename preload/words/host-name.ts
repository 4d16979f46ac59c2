import type { Message } from '../contract/base.ts'
import type { HostState } from '../contract/fleet.ts'

/**
 * A Host's name as people read it, in the page, the menu bar and notifications: the one they gave it; this machine has one in their
 * language.
 */
export function hostName(
  host: Pick<HostState, 'kind' | 'name' | 'platform'>,
  say: (message: Message) => string,
): string {
  if (host.kind === 'local' && host.platform !== null) {
    return say({ key: `popover.host-name.${host.platform}` })
  }
  return host.name
}
