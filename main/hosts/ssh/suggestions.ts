import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import SSHConfig from 'ssh-config'
import type { HostSuggestion } from '../../../preload/contract/hosts.ts'
import { includedFiles, includedPattern } from './includes.ts'

/** OpenSSH stops at this depth as well. */
const maxDepth = 16

/**
 * The `Host` entries of `~/.ssh/config` and of the files that it includes, in order, each name once; patterns are left out. A file that is
 * missing or cannot be read gives none.
 *
 * @example
 * // Host studio build-*      HostName 10.0.0.5   User ana
 * await suggestionsFromConfig({ homeDir }) // [{ source: 'ssh-config', name: 'studio', target: 'studio', account: 'ana', detail: '10.0.0.5' }]
 */
export async function suggestionsFromConfig(options: {
  homeDir: string
}): Promise<HostSuggestion[]> {
  const found = new Map<string, HostSuggestion>()
  await collect(join(options.homeDir, '.ssh/config'), 0)
  return [...found.values()]

  async function collect(path: string, depth: number): Promise<void> {
    const lines = await readConfig(path)
    for (const line of lines) {
      if (!('param' in line)) continue
      const param = line.param.toLowerCase()
      if (param === 'include') await include(words(line.value), depth)
      if (!('config' in line)) continue
      for (const name of param === 'host' ? words(line.value) : []) {
        if (/[*?!]/.test(name) || !isTarget(name) || found.has(name)) continue
        const value = (wanted: string) => firstValue(line.config, wanted)
        found.set(name, {
          source: 'ssh-config',
          name,
          target: name,
          account: value('user'),
          detail: value('hostname'),
          tailnetNodeId: null,
        })
      }
      for (const inner of line.config) {
        if ('param' in inner && inner.param.toLowerCase() === 'include') {
          await include(words(inner.value), depth)
        }
      }
    }
  }

  async function include(patterns: readonly string[], depth: number): Promise<void> {
    if (depth >= maxDepth) return
    for (const pattern of patterns) {
      const wanted = includedPattern(pattern, options.homeDir)
      for (const path of await includedFiles(wanted)) await collect(path, depth + 1)
    }
  }
}

async function readConfig(path: string): Promise<SSHConfig> {
  try {
    return SSHConfig.parse(await readFile(path, 'utf8'))
  } catch {
    return new SSHConfig()
  }
}

/** What `sshHostConfigSchema` takes as a target. */
function isTarget(name: string): boolean {
  return name !== '' && name.length <= 255 && !name.startsWith('-') && !/[\s\p{Cc}]/u.test(name)
}

function words(value: string | readonly { val: string }[]): string[] {
  return typeof value === 'string'
    ? value.split(/\s+/).filter((word) => word !== '')
    : value.map(({ val }) => val)
}

function firstValue(config: SSHConfig, wanted: string): string | null {
  for (const line of config) {
    if ('param' in line && line.param.toLowerCase() === wanted) {
      return words(line.value).join(' ') || null
    }
  }
  return null
}
