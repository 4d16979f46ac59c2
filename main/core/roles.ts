import type { Role } from '../../preload/contract/base.ts'
import type { Identity } from '../hosts/host.ts'

const rank: Record<Role, number> = { guest: 0, member: 1, admin: 2 }

/** Whether `has` includes `needs`. */
export function includesRole(has: Role, needs: Role): boolean {
  return rank[has] >= rank[needs]
}

/**
 * The Role of an account, from its groups on the Host. macOS: `admin`. Linux: root, or the group `sudo`.
 */
export function roleOf(identity: Identity): Role {
  const isAdmin =
    identity.platform === 'darwin'
      ? identity.groups.includes('admin')
      : identity.userId === 0 || identity.groups.includes('sudo')
  return isAdmin ? 'admin' : 'member'
}
