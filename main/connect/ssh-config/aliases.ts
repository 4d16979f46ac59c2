import { readFile } from 'node:fs/promises'
import { defaultAlias } from '../../../preload/contract/default-alias.ts'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import type { NewHost } from '../../core/services.ts'
import { includedFiles, includedPattern } from '../../hosts/ssh/includes.ts'
import { ownFileMark } from './render.ts'
import { parseConfigLines } from './syntax.ts'

/** What the person's configuration holds already, its Includes followed, ours left out. */
export interface KnownNames {
  /** Literal names of Host lines in lower case, and the file in which each stands first. */
  aliases: ReadonlyMap<string, string>
  /** All patterns of Include, absolute. */
  includes: readonly string[]
}

/** Reads files only; one that is missing or cannot be read names nothing. */
export async function knownNames(options: {
  configPath: string
  homeDir: string
}): Promise<KnownNames> {
  const aliases = new Map<string, string>()
  const includes: string[] = []
  /** Files may include each other. */
  const seen = new Set<string>()
  await collect(options.configPath)
  return { aliases, includes }

  async function collect(path: string): Promise<void> {
    if (seen.has(path)) return
    seen.add(path)
    const text = await read(path)
    // by whatever name: were it the person's, each alias in it would be taken
    if (text.startsWith(ownFileMark)) return
    for (const { keyword, args } of parseConfigLines(text)) {
      if (keyword === 'host') {
        for (const name of args) {
          const known = name.toLowerCase()
          if (!/[*?!]/.test(name) && !aliases.has(known)) aliases.set(known, path)
        }
      } else if (keyword === 'include') {
        for (const argument of args) {
          const pattern = includedPattern(argument, options.homeDir)
          includes.push(pattern)
          for (const one of await includedFiles(pattern)) await collect(one)
        }
      }
    }
  }
}

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}

/** Every Host gets an alias that has none, and that the person's own configuration does not name already. */
export function withAliases(hosts: readonly SshHostConfig[], names: KnownNames): SshHostConfig[] {
  const taken = takenBy(hosts, names)
  return hosts.map((host) => {
    const alias = freeAlias(host, names, taken)
    if (alias === host.alias || alias === null) return host
    taken.add(alias)
    return { ...host, alias }
  })
}

/** Of a Host that is to be added to these. */
export function aliasOf(
  host: NewHost,
  hosts: readonly SshHostConfig[],
  names: KnownNames,
): string | null {
  return freeAlias(host, names, takenBy(hosts, names))
}

function takenBy(hosts: readonly SshHostConfig[], { aliases }: KnownNames): Set<string> {
  return new Set([...aliases.keys(), ...hosts.map(({ alias }) => alias?.toLowerCase() ?? '')])
}

/** Its own, else a free one; null for a target that the person's own configuration names already. */
function freeAlias(
  host: NewHost,
  { aliases }: KnownNames,
  taken: ReadonlySet<string>,
): string | null {
  if (host.alias !== null || aliases.has(host.target.toLowerCase())) return host.alias
  return defaultAlias(host, taken)
}
