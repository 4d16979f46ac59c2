import type { Alert } from '../../preload/contract/alerts.ts'
import type { Message } from '../../preload/contract/base.ts'
import type { Link } from '../../preload/contract/hosts.ts'
import type { Job } from '../../preload/contract/jobs.ts'
import type { Reading } from '../../preload/contract/readings.ts'
import type { SshHostConfig } from '../../preload/contract/settings.ts'
import type { Tailnet, TailnetPeer } from '../../preload/contract/tailnet.ts'
import type { Platform } from '../hosts/host.ts'

/** What was true of a Studio at some time since the app started; no state of now tells it. */
export interface Seen {
  wasOnline: boolean
  /** Its packets went without a relay. */
  wasDirect: boolean
  /** The tailnet in which its node was last seen, and the account that was logged in. */
  tailnet: { name: string | null; account: string | null } | null
}

/** A configured Host that is reached over the tailnet. */
export interface Studio {
  config: Pick<SshHostConfig, 'id' | 'name' | 'target' | 'tailnetNodeId' | 'tailnetName'>
  link: Link
  /** Its machine in the tailnet of now. */
  peer: TailnetPeer | null
  seen: Seen
}

/** All that a rule may know. */
export interface AlertView {
  /** Milliseconds since 1970. */
  now: number
  platform: Platform | null
  tailnet: Reading<Tailnet> | undefined
  /** Empty for somebody who uses no tailnet: they are told nothing of it. */
  studios: readonly Studio[]
  jobs: readonly Job[]
}

/** What a rule finds; it becomes an Alert once it has lasted. */
export interface AlertCandidate extends Omit<Alert, 'since'> {
  /** Shown without a notification: the person knows already, or nothing was lost. */
  isQuiet?: boolean
}

/** One thing that people are told of without having asked. */
export interface AlertRule {
  /** The first part of its alerts' ids. */
  id: string
  /** The condition must hold for this long. */
  appearsAfterMs: number
  /** Pure. Null where it cannot be told: what was said before then stays. */
  judge(view: AlertView): AlertCandidate[] | null
}

/**
 * A rule over this machine's tailnet: it has nothing to say where there is no Tailscale, and cannot tell while Tailscale does
 * not answer.
 */
export function overTailnet(
  judge: (tailnet: Tailnet, view: AlertView) => AlertCandidate[],
): AlertRule['judge'] {
  return (view) => {
    const reading = view.tailnet
    if (reading === undefined) return null
    if (reading.kind === 'value') return judge(reading.value, view)
    return reading.reason === 'not-installed' || reading.reason === 'not-supported' ? [] : null
  }
}

/** As {@link overTailnet}, for each Studio, while the tailnet works from here. */
export function overStudios(
  judge: (studio: Studio, tailnet: Tailnet, view: AlertView) => AlertCandidate | null,
): AlertRule['judge'] {
  return overTailnet((tailnet, view) => {
    // without its coordination server Tailscale knows nothing new of any machine
    const isWorking = tailnet.state === 'running' && tailnet.self?.isOnline === true
    if (!isWorking) return []
    return view.studios.flatMap((studio) => judge(studio, tailnet, view) ?? [])
  })
}

/** The first Studio that cannot be reached without the tailnet; null where nobody misses it now. */
export function neededFor({ studios }: AlertView): Studio | null {
  const isReachedOtherwise = ({ link }: Studio) =>
    link.state === 'live' && !link.path.startsWith('tailnet')
  return studios.find((studio) => !isReachedOtherwise(studio)) ?? null
}

/** Not among the machines of the tailnet that is running here, although it belongs to one. */
export function isAbsent({ config, peer }: Studio): boolean {
  return peer === null && (config.tailnetNodeId !== null || suffixOf(config.target) !== null)
}

/** The tailnet's part of a name under MagicDNS: `mac-studio.tail1a2b3c.ts.net` -> `tail1a2b3c.ts.net`. */
export function suffixOf(dnsName: string | null): string | null {
  return /^[^.]+\.([^.]+\.ts\.net)\.?$/i.exec(dnsName ?? '')?.[1]?.toLowerCase() ?? null
}

/** The words `alert.<rule>.<outcome>.title` and `.reason`; both get the same facts. */
export function words(
  rule: string,
  outcome: string,
  params: NonNullable<Message['params']> = {},
): Pick<Alert, 'title' | 'reason'> {
  const key = `alert.${rule}.${outcome}`
  return { title: { key: `${key}.title`, params }, reason: { key: `${key}.reason`, params } }
}

/** With the same id again only when it is about the same Studio. */
export function idFor(rule: string, { config }: Studio): string {
  return `${rule}/${config.id}`
}
