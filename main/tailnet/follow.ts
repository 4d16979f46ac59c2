import { isIP } from 'node:net'
import type { SshHostConfig } from '../../preload/contract/settings.ts'
import type { Tailnet } from '../../preload/contract/tailnet.ts'
import type { Clock, HostFactory } from '../core/ports.ts'
import type { Host } from '../hosts/host.ts'
import { isTailnetAddress } from '../hosts/ssh/path.ts'
import { probeById } from '../probes/index.ts'
import { readProbe } from '../probes/read.ts'
import { addressFor } from './peers.ts'

export interface FollowOptions {
  /** What is known now of this machine's tailnet; null = nothing. Asked with each attempt of a Host whose node is known. */
  tailnet(): Tailnet | null | Promise<Tailnet | null>
  /** The node of a Host of the settings, which may have been learned since the Host was made. @default its configuration's */
  nodeIdOf?(hostId: string): string | null | undefined
}

/** The same factory, whose Hosts are found at their node in the tailnet, by whatever name it goes now. */
export function followNodes(factory: HostFactory, options: FollowOptions): HostFactory {
  async function addressNow(config: SshHostConfig, target: string): Promise<string | null> {
    const tailnetNodeId = options.nodeIdOf?.(config.id) ?? config.tailnetNodeId
    const isElsewhere = isIP(target) !== 0 && !isTailnetAddress(target)
    if (tailnetNodeId === null || isElsewhere) return null
    const tailnet = await options.tailnet()
    return tailnet === null ? null : addressFor({ target, tailnetNodeId }, tailnet)
  }
  return {
    ...factory,
    ssh: (config, given) => factory.ssh(config, given ?? ((target) => addressNow(config, target))),
  }
}

const limitMs = 4_000

/** For a face that keeps no reading: asks Tailscale when that is first needed, up to 4 s, and once. */
export function askTailnetOnce(local: () => Host, clock: Clock): () => Promise<Tailnet | null> {
  let asked: Promise<Tailnet | null> | null = null

  async function ask(): Promise<Tailnet | null> {
    const host = local()
    const late = new AbortController()
    const disarm = clock.after(limitMs, () => late.abort())
    try {
      const reading = await readProbe(host, probeById('tailnet'), { signal: late.signal })
      return reading.kind === 'value' ? reading.value : null
    } catch {
      return null
    } finally {
      disarm()
      await host.close()
    }
  }

  return () => (asked ??= ask())
}
