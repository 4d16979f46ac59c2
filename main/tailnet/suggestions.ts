import { canBeHost } from '../../preload/contract/can-be-host.ts'
import type { HostSuggestion } from '../../preload/contract/hosts.ts'
import type { TailnetPeer } from '../../preload/contract/tailnet.ts'
import type { LocalFacts, SettingsStore } from '../core/ports.ts'
import type { Host } from '../hosts/host.ts'
import { suggestionsFromConfig } from '../hosts/ssh/suggestions.ts'
import { probeById } from '../probes/index.ts'
import { readProbe } from '../probes/read.ts'
import { addressOf, peerOf } from './peers.ts'

/**
 * Machines that could be added: the online peers of the tailnet and the Host entries of `~/.ssh/config` by turns, so that a long list of
 * one leaves room for the other where only some are shown; of the entries, those first that lead to a machine of the tailnet. Without those that are added already or are this machine, and without places
 * that only keep Git repositories. A source that cannot be read gives none.
 */
export function createSuggestions(options: {
  local(): Host
  facts(): Promise<LocalFacts>
  settings: SettingsStore
  homeDir: string
}) {
  return async (): Promise<HostSuggestion[]> => {
    const [own, fromConfig, peers] = await Promise.all([
      options.facts().then(
        ({ addresses }) => addresses,
        (): readonly string[] => [],
      ),
      suggestionsFromConfig({ homeDir: options.homeDir }).catch(() => []),
      tailnetPeers(options.local()).catch(() => []),
    ])
    const { hosts } = options.settings.get().settings
    const known = new Set(hosts.map(({ target }) => target))
    const isThisMachine = ({ target, detail }: HostSuggestion) =>
      own.includes(target) || (detail !== null && own.includes(detail))
    const peersOf = ({ target, detail }: HostSuggestion) =>
      [target, detail].map((name) => peerOf({ peers }, { target: name, nodeId: null }))
    const rank = (one: HostSuggestion) => (peersOf(one).some(Boolean) ? 0 : 1)
    const entries = fromConfig.filter((one) => {
      const isNew = !known.has(one.target) && !isThisMachine(one) && !isGitForge(one)
      known.add(one.target)
      return isNew
    })
    const taken = [
      ...hosts.map(({ target, tailnetNodeId }) =>
        peerOf({ peers }, { target, nodeId: tailnetNodeId }),
      ),
      ...fromConfig.flatMap(peersOf),
    ]
    const fromTailnet = peers.filter((peer) => !taken.includes(peer)).flatMap(suggestionOf)
    return byTurns(
      fromTailnet,
      entries.toSorted((one, other) => rank(one) - rank(other)),
    )
  }
}

/** @example byTurns([1, 2, 3], ['a']) // [1, 'a', 2, 3] */
function byTurns<Item>(one: readonly Item[], other: readonly Item[]): Item[] {
  const length = Math.max(one.length, other.length)
  return Array.from({ length }, (_, at) => [
    ...one.slice(at, at + 1),
    ...other.slice(at, at + 1),
  ]).flat()
}

/** The hosts that offer Git over SSH to everybody; and by custom, the account `git` has no shell. */
const forges =
  /^(.*\.)?(github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|gitee\.com|git\.sr\.ht|ssh\.dev\.azure\.com|vs-ssh\.visualstudio\.com)$/i

function isGitForge({ target, account, detail }: HostSuggestion): boolean {
  return account === 'git' || forges.test(detail ?? target)
}

/** By its address: it stays when the machine is renamed. */
function suggestionOf(peer: TailnetPeer): HostSuggestion[] {
  const target = addressOf(peer)
  if (!peer.isOnline || target === null || !canBeHost(peer)) return []
  const { id, name, dnsName } = peer
  return [
    {
      ...{ source: 'tailnet', name: name || target, target, account: null },
      ...{ detail: dnsName, tailnetNodeId: id },
    },
  ]
}

async function tailnetPeers(local: Host): Promise<TailnetPeer[]> {
  const reading = await readProbe(local, probeById('tailnet'))
  return reading.kind === 'value' ? reading.value.peers : []
}
