import { type Argv, type CommandOutput, type Host, HostError } from '../hosts/host.ts'
import { quote, textOf } from '../probes/answer.ts'
import { forAccount } from '../probes/probe.ts'
import {
  isAppStartFailure,
  isDaemonDown,
  isLastResort,
  tailscalePrograms,
} from '../probes/tailnet.ts'

/** `not-installed`: there is no Tailscale in any of the known places. Any exit code is an answer, as for Host.run. */
export type TailscaleOutcome = { kind: 'answer'; output: CommandOutput } | { kind: 'not-installed' }

export interface TailscaleOptions {
  /** @default 15000 */
  timeoutMs?: number
  signal?: AbortSignal
}

/** Which program answered on a Host, so that the others are not started again; goes with the Host. */
const answered = new WeakMap<Host, Argv>()

/**
 * Runs `tailscale ARGS` on a Host, with the program in the first place that has one that works. Rejects like Host.run. A program
 * that cannot reach its daemon or its app has done nothing, so that it is safe to ask the next.
 */
export async function runTailscale(
  host: Host,
  args: readonly string[],
  options: TailscaleOptions = {},
): Promise<TailscaleOutcome> {
  const identity = await host.identify(options.signal && { signal: options.signal })
  const known = answered.get(host)
  const programs = tailscalePrograms[identity.platform]
  const ordered =
    known === undefined ? programs : [known, ...programs.filter((one) => one !== known)]
  const failed: CommandOutput[] = []
  for (const program of ordered) {
    if (isLastResort(program) && !failed.some(isAppStartFailure)) continue
    const output = await host.run(forAccount([...program, ...args], identity), options)
    if (output.isNotRecorded !== true && output.isMissing !== true) {
      if (!isAppStartFailure(output) && !isDaemonDown(output)) {
        answered.set(host, program)
        return { kind: 'answer', output }
      }
      failed.push(output)
    }
  }
  answered.delete(host)
  const [first] = failed
  return first === undefined ? { kind: 'not-installed' } : { kind: 'answer', output: first }
}

export type PingResult =
  | {
      kind: 'pong'
      path: 'direct' | 'relay' | 'peer-relay'
      /** The DERP region's code of a relayed path, as `fra`. */
      region: string | null
      latencyMs: number
    }
  /** Tailscale asked, and nobody answered. */
  | { kind: 'no-answer'; detail: string }
  /** Tailscale could not be asked, or said something else. */
  | { kind: 'unknown'; detail: string }

/** The bound of a whole ping. Two attempts of 1.5 s and the second between them fit in. */
const pingWithinMs = 5_000

/**
 * `tailscale ping`: reaches the peer's Tailscale, not its system, so that no firewall there is in the way. The first pong often
 * comes over a relay while a direct path is looked for, so a second one is waited for. Never rejects but for a cancel; takes at
 * most 5 s.
 */
export async function pingPeer(
  host: Host,
  address: string,
  { signal }: { signal?: AbortSignal } = {},
): Promise<PingResult> {
  // a name that begins with a dash would be an option
  if (!/^[\p{L}\p{N}]/u.test(address))
    return { kind: 'unknown', detail: `no address: ${quote(address)}` }
  try {
    const outcome = await runTailscale(host, ['ping', '--c=2', '--timeout=1500ms', address], {
      timeoutMs: pingWithinMs,
      ...(signal && { signal }),
    })
    return outcome.kind === 'answer'
      ? parsePing(outcome.output)
      : { kind: 'unknown', detail: 'Tailscale is not installed' }
  } catch (error) {
    if (!(error instanceof HostError) || error.kind === 'cancelled') throw error
    const detail =
      error.kind === 'timeout'
        ? `tailscale ping did not end within ${pingWithinMs / 1000} s`
        : error.message
    return { kind: 'unknown', detail }
  }
}

/**
 * The last pong counts: the path gets better from one to the next. Exit status 1 with "direct connection not established" is a
 * pong all the same.
 *
 *     pong from imac (100.121.88.110) via 203.0.113.156:55351 in 7ms
 *     pong from edge (100.66.162.125) via DERP(hel) in 71ms
 *     pong from edge (100.66.162.125) via peer-relay(203.0.113.9:7777:vni:12) in 24ms
 *     ping "100.66.162.125" timed out
 */
export function parsePing(
  output: Pick<CommandOutput, 'stdout' | 'stderr' | 'exitCode'>,
): PingResult {
  const text = textOf({ ...output, durationMs: 0 })
  // it says the same of each ping
  const said = quote([...new Set(text.split('\n'))].join('\n'))
  const [, via, digits, unit] = [...text.matchAll(pong)].at(-1) ?? []
  if (via !== undefined && digits !== undefined) {
    const latencyMs =
      Number(digits) * (unit === 's' ? 1000 : unit === 'ms' || unit === undefined ? 1 : 0.001)
    const region = /^DERP\(([^)]*)\)$/.exec(via)?.[1]
    if (region !== undefined)
      return { kind: 'pong', path: 'relay', region: region || null, latencyMs }
    if (via.startsWith('peer-relay(')) {
      return { kind: 'pong', path: 'peer-relay', region: null, latencyMs }
    }
    // an endpoint; anything else names the kind of ping and no path
    return /^\S+:\d{1,5}$/.test(via)
      ? { kind: 'pong', path: 'direct', region: null, latencyMs }
      : { kind: 'unknown', detail: `no path in ${said}` }
  }
  return /^ping ".{1,255}" timed out$|\bno reply\b|\bno matching peer\b/m.test(text)
    ? { kind: 'no-answer', detail: said }
    : { kind: 'unknown', detail: said }
}

/** Go writes short times as `81ms`, `1.204s`, `800µs`. */
const pong = /^pong from .{0,300} via (\S{1,200}) in (\d{1,9}(?:\.\d{1,9})?)(ms|s|µs|us)$/gm
