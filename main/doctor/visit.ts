import { isIP } from 'node:net'
import type { NetworkInterfaceInfo } from 'node:os'
import type { ErrorInfo } from '../../preload/contract/base.ts'
import type { HostState } from '../../preload/contract/fleet.ts'
import type { Reading } from '../../preload/contract/readings.ts'
import type { SshHostConfig } from '../../preload/contract/settings.ts'
import type { Tailnet, TailnetPeer } from '../../preload/contract/tailnet.ts'
import type { Clock } from '../core/ports.ts'
import { type Host, HostError } from '../hosts/host.ts'
import { resolveSshConfig, type SshConfig } from '../hosts/ssh/config.ts'
import { readProbe } from '../probes/read.ts'
import { tailnet as tailnetProbe } from '../probes/tailnet.ts'
import type { Runtime } from '../runtimes/runtime.ts'
import { type PingResult, pingPeer } from '../tailnet/cli.ts'
import { addressFor, addressOf, peerOf } from '../tailnet/peers.ts'
import { type SshAttempt, startAttempt } from './attempt.ts'
import { askLan, type LanAnswer } from './lan.ts'
import { isProxied, isThroughTailnet } from './way.ts'

/** What the doctor may use. */
export interface Instruments {
  /** This machine. */
  local: Host
  /** A fresh Host, for this visit alone. */
  host: Host
  config: SshHostConfig
  /** As last known; of an unreachable Host the past. */
  state: HostState | undefined
  runtimes: readonly Runtime[]
  clock: Clock
  homeDir: string
  env: Record<string, string | undefined>
  platform: string
  interfaces(): NodeJS.Dict<NetworkInterfaceInfo[]>
  /** @default resolveSshConfig */
  resolve?: typeof resolveSshConfig
}

/** One visit: everything that can be asked at once is under way from the start, and each step waits for its own part. */
export interface Visit extends Instruments {
  signal: AbortSignal
  /** `ssh -G`, or why it could not be used. */
  ssh: Promise<SshConfig | ErrorInfo>
  tailnet: Promise<Reading<Tailnet>>
  /** Does the way lead through the tailnet? */
  isThroughTailnet: Promise<boolean>
  /** The Host among the peers; null where it is not there. */
  peer: Promise<TailnetPeer | null>
  /** Another name than the configuration has, and the address to use instead; null where that one is good. */
  renamed: Promise<{ before: string; now: string; address: string } | null>
  /** Null without a peer to ping. */
  ping: Promise<{ result: PingResult; durationMs: number } | null>
  /** What answers on the Host's address in the local network; asked once, and only where the tailnet does not lead there. */
  lan(): Promise<LanAnswer | null>
  attempt: SshAttempt
}

const tailnetLimitMs = 7_000

export function isErrorInfo(value: SshConfig | ErrorInfo): value is ErrorInfo {
  return 'code' in value
}

/** Starts everything. What it started ends with `signal`. */
export function startVisit(instruments: Instruments, signal: AbortSignal): Visit {
  const { local, host, config, clock, env, homeDir } = instruments
  const resolve = instruments.resolve ?? resolveSshConfig
  const attempt = startAttempt(host, { clock, signal })
  const ssh = resolve(config.target, {
    ...{ account: config.account, port: config.port, keyPath: config.keyPath },
    ...{ env, homeDir, signal },
  }).catch((error: unknown): ErrorInfo => {
    if (error instanceof HostError) return error.info
    throw error
  })
  const tailnet = readTailnet(local, clock, signal)
  const value = tailnet.then((reading) => (reading.kind === 'value' ? reading.value : null))
  const throughTailnet = isThere()
  const peer = Promise.all([value, ssh, throughTailnet]).then(([known, resolved, isThrough]) => {
    if (known === null || !isThrough) return null
    const { tailnetNodeId: nodeId } = config
    const target = isErrorInfo(resolved) ? config.target : resolved.hostname
    return peerOf(known, { nodeId, target }) ?? null
  })
  const renamed = Promise.all([value, ssh, peer]).then(([known, resolved, found]) => {
    if (known === null || found === null || isErrorInfo(resolved)) return null
    const { tailnetNodeId } = config
    const address = addressFor({ target: resolved.hostname, tailnetNodeId }, known)
    const now = found.dnsName ?? found.name
    return address === null ? null : { before: resolved.hostname, now, address }
  })
  const ping = Promise.all([value, peer]).then(async ([known, found]) => {
    const address = found === null ? null : addressOf(found)
    if (address === null || known?.state !== 'running') return null
    const startedAt = clock.monotonic()
    const result = await pingPeer(local, address, { signal })
    return { result, durationMs: clock.monotonic() - startedAt }
  })
  let lan: Promise<LanAnswer | null> | null = null
  const visit: Visit = {
    ...instruments,
    ...{ signal, ssh, tailnet, isThroughTailnet: throughTailnet, peer, renamed, ping, attempt },
    lan: () => (lan ??= askLan(local, config, ssh, signal)),
  }
  // a peer that is said to be offline is looked for in the local network at once
  const early = peer.then((found) => (found?.isOnline === false ? visit.lan() : null))
  for (const started of [ssh, throughTailnet, peer, renamed, ping, early])
    started.catch(() => undefined)
  return visit

  async function isThere(): Promise<boolean> {
    const resolved = await ssh
    if (isErrorInfo(resolved)) return config.tailnetNodeId !== null
    const known = await value
    const unresolved = isThroughTailnet(config, resolved, known, null)
    if (isProxied(resolved) || isIP(resolved.hostname) !== 0) return unresolved
    const hop = await attempt.hop('name')
    const address = hop.kind === 'done' ? hop.step.detail : null
    return isThroughTailnet(config, resolved, known, address)
  }
}

/** `tailscale status` can hang (tailscale#1134); the probe's own patience is too long for somebody who waits. */
async function readTailnet(
  local: Host,
  clock: Clock,
  signal: AbortSignal,
): Promise<Reading<Tailnet>> {
  const late = new AbortController()
  const disarm = clock.after(tailnetLimitMs, () => late.abort())
  const reading = await readProbe(local, tailnetProbe, {
    signal: AbortSignal.any([signal, late.signal]),
  })
  disarm()
  const isLate = late.signal.aborted && reading.kind === 'unknown'
  const detail = `tailscale status did not end within ${tailnetLimitMs / 1000} s`
  return isLate ? { ...reading, reason: 'timed-out', detail } : reading
}
