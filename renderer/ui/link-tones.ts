import type { Link } from '../../preload/contract/hosts.ts'
import type { DotTone } from './state-dot.tsx'

/** The dot of a Host, by how its link is. */
export const linkTones: Record<Link['state'], DotTone> = {
  live: 'good',
  stale: 'warn',
  asking: 'warn',
  unreachable: 'bad',
  connecting: 'none',
  idle: 'none',
}
