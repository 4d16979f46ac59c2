import * as z from 'zod'
import { call, isoTime } from './base.ts'

/** A machine of the tailnet, as this machine's Tailscale knows it. */
export const tailnetNodeSchema = z.object({
  /** Tailscale's stable node id; it survives a rename. Null where the status does not say it. */
  id: z.string().nullable(),
  /** The DNS name without the tailnet's suffix; phones call themselves `localhost`, so that the host name is the last resort. */
  name: z.string(),
  /** Whole, without the final dot: `mac-studio.tail1a2b3c.ts.net`. Null before the first login. */
  dnsName: z.string().nullable(),
  addresses: z.array(z.string()),
  /** `macOS`, `linux`, `iOS` ... */
  os: z.string().nullable(),
  /** Null: the key does not expire. */
  keyExpiresAt: isoTime.nullable(),
  isKeyExpired: z.boolean(),
  /** What the coordination server claims; it holds for a minute after a link is cut. */
  isOnline: z.boolean(),
  /** Tailscale SSH answers on port 22 of this node, with host keys of its own. */
  hasTailscaleSsh: z.boolean(),
})
export type TailnetNode = z.infer<typeof tailnetNodeSchema>

export const tailnetPeerSchema = tailnetNodeSchema.extend({
  /** How packets go now: `idle` when none do. */
  path: z.enum(['direct', 'peer-relay', 'relay', 'idle']),
  /** The DERP region's code that a relayed path goes through, else the peer's home region. */
  relayRegion: z.string().nullable(),
  lastSeenAt: isoTime.nullable(),
})
export type TailnetPeer = z.infer<typeof tailnetPeerSchema>

/**
 * Which Tailscale this is. `app-store` and `standalone` are the apps for macOS, which stop at log-out and at a switch of
 * accounts; `daemon` is open-source tailscaled (Homebrew, Linux packages), which runs for all accounts from the start.
 */
export const tailnetVariantSchema = z.enum(['app-store', 'standalone', 'daemon'])

/** The value of the probe `tailnet`. */
export const tailnetSchema = z.object({
  state: z.enum(['running', 'stopped', 'needs-login', 'starting', 'needs-machine-auth']),
  /** False: no daemon answers at all, so that `stopped` is not somebody's `tailscale down`. */
  isDaemonRunning: z.boolean(),
  /** Null where it could not be told. */
  variant: tailnetVariantSchema.nullable(),
  version: z.string().nullable(),
  /** The tailnet's name, mostly an organisation's domain or an account. Null before the first login. */
  tailnetName: z.string().nullable(),
  /** The account that is logged in, as Tailscale shows it. */
  loginName: z.string().nullable(),
  /** The page on which to log in, where Tailscale names one. */
  authUrl: z.string().nullable(),
  /** Null before the first login, and while Tailscale is not started. */
  self: tailnetNodeSchema.nullable(),
  peers: z.array(tailnetPeerSchema),
  /** Tailscale's own warnings, in its words. */
  health: z.array(z.string()),
})
export type Tailnet = z.infer<typeof tailnetSchema>

const started = z.object({ jobId: z.string() })

/** Actions on this machine's Tailscale. What it says is the reading `tailnet` of the local Host. */
export const tailnet = {
  up: call({ role: 'member', on: 'here' }).output(started),
  /** Others of this Mac lose the tailnet as well. */
  down: call({ role: 'admin', on: 'here' }).output(started),
  /** Opens the page that Tailscale names, and ends when Tailscale says that it runs. */
  logIn: call({ role: 'admin', on: 'here' }).output(started),
  /** Asks Tailscale again now. */
  refresh: call({ role: 'guest', on: 'here' }).output(z.void()),
}
