import { isIPv4, isIPv6 } from 'node:net'
import type { HostState } from '../../preload/contract/fleet.ts'
import type { Reading } from '../../preload/contract/readings.ts'
import type { SshHostConfig } from '../../preload/contract/settings.ts'
import type { Tailnet } from '../../preload/contract/tailnet.ts'
import type { Fleet } from '../core/fleet.ts'
import { localHostId } from '../core/host-fleet.ts'
import type { Clock, Log, SettingsStore } from '../core/ports.ts'
import type { Argv, Host, HostLink } from '../hosts/host.ts'
import type { PowerValue } from '../probes/power.ts'
import { tailnetOf } from './known.ts'
import { macAddressIn } from './neighbour.ts'
import { peerOf } from './peers.ts'

type Place = Pick<SshHostConfig, 'tailnetNodeId' | 'tailnetName' | 'lanAddress' | 'macAddress'>
/** What a Host said of itself. */
type Nature = Pick<SshHostConfig, 'platform' | 'sleepMinutes' | 'sleepReadAt'>
type Learned = Partial<Place & Nature>

const lookEveryMs = 2_000
const askTimeoutMs = 3_000
/** The same answer is written again this often, for its age. */
const writtenAnewMs = 24 * 3_600_000
/** As the settings hold it. */
const longestTailnetName = 255

/**
 * Remembers in the settings what a live connection tells of a Host: its node in the tailnet, its address in the local network, the
 * hardware address that wakes it, its system, and when it goes to sleep. In which tailnet a known node is, this machine's Tailscale
 * tells without a connection.
 */
export function createLearning(options: {
  fleet: Fleet
  settings: Pick<SettingsStore, 'get' | 'update'>
  host(id: string): Host
  local(): Host
  clock: Clock
  log: Log
}): { close(): void } {
  const { fleet, settings, clock, log } = options
  const closing = new AbortController()
  /** The connection for which the neighbour table was asked, by host id, and what it said. */
  const neighbours = new Map<string, { connection: string; macAddress: string | null }>()
  const refused = new Set<string>()
  let isLooking = false
  let cancel: (() => void) | null = null

  function lookSoon() {
    if (cancel !== null || isLooking || closing.signal.aborted) return
    cancel = clock.after(lookEveryMs, () => {
      cancel = null
      void look()
    })
  }

  async function look() {
    isLooking = true
    try {
      for (const config of settings.get().settings.hosts) {
        const state = fleet.host(config.id)
        const live =
          state?.link.state === 'live'
            ? { ...natureOf(state, config), ...(await placeOf(state)) }
            : {}
        await keep(config, { ...seenIn(config.tailnetNodeId), ...live })
      }
    } catch (error) {
      log.debug('nothing learned', { error: String(error) })
    }
    isLooking = false
  }

  async function placeOf({ id, link }: HostState): Promise<Learned> {
    const address = reachedAddress(options.host(id).link())
    if (address === null) return {}
    if (link.path.startsWith('tailnet')) return nodeAt(address)
    if (link.path !== 'lan' || /^fe80:/i.test(address)) return {}
    const macAddress = await macAddressOf(id, address, link.since)
    return { lanAddress: address, ...(macAddress !== null && { macAddress }) }
  }

  function running(): Tailnet | null {
    const tailnet = tailnetOf(fleet.host(localHostId))
    return tailnet?.state === 'running' ? tailnet : null
  }

  function nodeAt(address: string): Learned {
    const tailnet = running()
    if (tailnet === null) return {}
    const peer = peerOf(tailnet, { nodeId: null, target: address })
    if (peer === undefined || peer.id === null) return {}
    return { tailnetNodeId: peer.id, ...seenIn(peer.id) }
  }

  function seenIn(nodeId: string | null): Learned {
    const { tailnetName = null, peers = [] } = running() ?? {}
    if (nodeId === null || tailnetName === null || !peers.some(({ id }) => id === nodeId)) return {}
    return tailnetName.length > longestTailnetName ? {} : { tailnetName }
  }

  /** Once for each connection. Null for an address without an entry. */
  async function macAddressOf(id: string, address: string, since: string): Promise<string | null> {
    const connection = `${address} ${since}`
    const known = neighbours.get(id)
    if (known?.connection === connection) return known.macAddress
    const { signal } = closing
    const local = options.local()
    const { platform } = await local.identify({ signal })
    const argv = neighbourCommand(platform, address)
    const output =
      argv === null
        ? null
        : await local.run(argv, { signal, timeoutMs: askTimeoutMs }).catch(() => null)
    const macAddress = output === null ? null : macAddressIn(output.stdout, address)
    neighbours.set(id, { connection, macAddress })
    return macAddress
  }

  async function keep(config: SshHostConfig, learned: Learned) {
    const isNew = { ...config, ...learned }
    // not by the time of an answer, which is another every minute
    const attempt = JSON.stringify([config.id, { ...learned, sleepReadAt: null }])
    const isKnown = JSON.stringify(isNew) === JSON.stringify(config)
    if (isKnown || refused.has(attempt) || closing.signal.aborted) return
    try {
      await settings.update((now) => ({
        ...now,
        // the person may have pointed it to another machine meanwhile
        hosts: now.hosts.map((host) =>
          host.id === config.id && host.target === config.target ? { ...host, ...learned } : host,
        ),
      }))
    } catch (error) {
      refused.add(attempt)
      log.warn('what was learned is not kept', { host: config.id, error: String(error) })
    }
  }

  const unsubscribe = fleet.subscribe(({ hosts = [] }) => {
    const isNews = hosts.some(
      ({ id, link, readings }) =>
        link?.state === 'live' ||
        (id === localHostId ? readings?.tailnet : readings?.power) !== undefined,
    )
    if (isNews) lookSoon()
  })

  return {
    close() {
      closing.abort()
      unsubscribe()
      cancel?.()
    },
  }
}

/** Its system, and when it goes to sleep where that is news: another figure, or the same a day later. */
function natureOf({ platform, readings }: HostState, known: Nature): Partial<Nature> {
  const reading = readings.power as Reading<PowerValue> | undefined
  const system = platform === null ? {} : { platform }
  if (reading?.kind !== 'value' || reading.value.sleepMinutes === null) return system
  const { sleepMinutes } = reading.value
  const knownMs = known.sleepReadAt === null ? 0 : Date.parse(known.sleepReadAt)
  const newerMs = Date.parse(reading.at) - knownMs
  const isNews =
    sleepMinutes === known.sleepMinutes
      ? newerMs >= writtenAnewMs
      : // another face of Studiolo may have heard a newer answer
        newerMs > 0
  return isNews ? { ...system, sleepMinutes, sleepReadAt: reading.at } : system
}

/**
 * A Host as the person edited it, with what was learned while they did. With another target it may be another machine, of which
 * nothing is known: what they left as it was would lead to the old one.
 */
export function stillLearned(edited: SshHostConfig, before: SshHostConfig): SshHostConfig {
  const { tailnetNodeId, tailnetName, lanAddress, macAddress } = before
  const { platform, sleepMinutes, sleepReadAt } = before
  if (edited.target === before.target) {
    return {
      ...edited,
      tailnetNodeId: edited.tailnetNodeId ?? tailnetNodeId,
      tailnetName: edited.tailnetName ?? tailnetName,
      lanAddress: edited.lanAddress ?? lanAddress,
      macAddress: edited.macAddress ?? macAddress,
      ...{ platform, sleepMinutes, sleepReadAt },
    }
  }
  return {
    ...edited,
    tailnetNodeId: edited.tailnetNodeId === tailnetNodeId ? null : edited.tailnetNodeId,
    tailnetName: edited.tailnetName === tailnetName ? null : edited.tailnetName,
    lanAddress: edited.lanAddress === lanAddress ? null : edited.lanAddress,
    macAddress: edited.macAddress === macAddress ? null : edited.macAddress,
    ...{ platform: null, sleepMinutes: null, sleepReadAt: null },
  }
}

/** The address at the other end, from the hops of the connection; null behind a proxy, where only the proxy knows it. */
export function reachedAddress({ steps }: Pick<HostLink, 'steps'>): string | null {
  const detailOf = (id: string) =>
    steps.find((step) => step.id === id && step.state === 'passed')?.detail ?? null
  const reached = /^(.+):\d+$/.exec(detailOf('tcp') ?? '')?.[1]
  const address = (reached ?? detailOf('name'))?.replace(/^::ffff:/i, '') ?? null
  return address !== null && (isIPv4(address) || isIPv6(address)) ? address : null
}

/** macOS keeps IPv6 neighbours in another table, which is not asked. */
function neighbourCommand(platform: 'darwin' | 'linux', address: string): Argv | null {
  if (platform === 'linux') return ['ip', 'neigh', 'show', address]
  return isIPv4(address) ? ['/usr/sbin/arp', '-n', address] : null
}
