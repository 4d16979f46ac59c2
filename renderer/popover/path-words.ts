import type { Link } from '../../preload/contract/hosts.ts'
import type { Say } from '../panels/say.ts'

/** How a Host is reached, in a word or two: “Tailnet direct”, “Via gate”. */
export function pathWords({ path, via }: Pick<Link, 'path' | 'via'>, say: Say): string {
  if (path !== 'proxy') return say(`link.path.${path}`)
  return via === undefined ? say('link.path.proxy-command') : say('link.path.proxy', { via })
}
