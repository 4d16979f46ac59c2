import type { SshHostConfig } from './settings.ts'
import { splitTarget } from './ssh-target.ts'

const longestAlias = 64

/**
 * The alias that a Host gets where nobody chose one. `taken` is in lower case.
 *
 * @example
 * defaultAlias({ name: 'Mac Studio', target: 'mac-studio.tail1a2b3c.ts.net', tailnetNodeId: null }, new Set())
 * // 'mac-studio-tailscale'
 * defaultAlias({ name: '实验室', target: '10.0.0.5', tailnetNodeId: null }, new Set(['mac-studio'])) // 'mac-studio-2'
 */
export function defaultAlias(
  host: Pick<SshHostConfig, 'name' | 'target' | 'tailnetNodeId'>,
  taken: { has(alias: string): boolean },
): string {
  const slug = slugOf(host.name)
  const isStudio = slug === '' || slug.includes('studio')
  const own = slug === '' ? 'mac-studio' : slug
  const wanted = isInTailnet(host)
    ? [isStudio ? 'mac-studio-tailscale' : `${own}-tailscale`, `${own}-tailscale`]
    : [own]
  const free = wanted.find((alias) => !taken.has(alias))
  if (free !== undefined) return free
  const base = wanted.at(-1) ?? own
  let number = 2
  while (taken.has(`${base}-${number}`)) number++
  return `${base}-${number}`
}

function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/['’]|[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longestAlias - '-tailscale-999'.length)
    .replace(/^-+|-+$/g, '')
}

/** Tailscale's addresses are in 100.64.0.0/10 and fd7a:115c:a1e0::/48. */
function isInTailnet({
  target,
  tailnetNodeId,
}: Pick<SshHostConfig, 'target' | 'tailnetNodeId'>): boolean {
  const address = splitTarget(target).host.toLowerCase()
  if (tailnetNodeId !== null || /\.ts\.net\.?$/.test(address)) return true
  const [, second = '0'] = /^100\.(\d+)\.\d+\.\d+$/.exec(address) ?? []
  return (Number(second) >= 64 && Number(second) < 128) || address.startsWith('fd7a:115c:a1e0:')
}
