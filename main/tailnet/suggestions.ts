import type { HostSuggestion } from '../../preload/contract/hosts.ts'
import type { LocalFacts, SettingsStore } from '../core/ports.ts'
import type { Host } from '../hosts/host.ts'
import { suggestionsFromConfig } from '../hosts/ssh/suggestions.ts'
import { probeById } from '../probes/index.ts'
import { readProbe } from '../probes/read.ts'

/**
 * Machines that could be added: Host entries of `~/.ssh/config` first, then the online peers of the tailnet, without
 * those that are added already or are this machine. A source that cannot be read gives none.
 */
export function createSuggestions(options: {
  local(): Host
  facts(): Promise<LocalFacts>
  settings: SettingsStore
  homeDir: string
}) {
  return async (): Promise<HostSuggestion[]> => {
    const [own, fromConfig, fromTailnet] = await Promise.all([
      options.facts().then(
        ({ addresses }) => addresses,
        (): readonly string[] => [],
      ),
      suggestionsFromConfig({ homeDir: options.homeDir }).catch(() => []),
      tailnetPeers(options.local()).catch(() => []),
    ])
    const known = new Set(options.settings.get().settings.hosts.map(({ target }) => target))
    return [...fromConfig, ...fromTailnet].filter(({ target, detail }) => {
      const isThisMachine = own.includes(target) || (detail !== null && own.includes(detail))
      const isNew = !known.has(target) && !isThisMachine
      known.add(target)
      return isNew
    })
  }
}

async function tailnetPeers(local: Host): Promise<HostSuggestion[]> {
  const reading = await readProbe(local, probeById('tailnet'))
  if (reading.kind !== 'value') return []
  return reading.value.peers.flatMap(({ name, addresses, isOnline }): HostSuggestion[] => {
    const target = name ?? addresses[0]
    if (isOnline !== true || target === undefined) return []
    return [
      { source: 'tailnet', name: target, target, account: null, detail: addresses[0] ?? null },
    ]
  })
}
