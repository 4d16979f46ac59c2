import { explain, isoOf, quote, textOf } from './answer.ts'
import { isRecord, parseJson, stringOf, stringsOf } from './json.ts'
import { type Probe, type Unparsed, unparsed } from './probe.ts'

export interface TailnetNode {
  /** The first part of its DNS name; phones call themselves `localhost`, so that its own name is the last resort. */
  name: string
  addresses: string[]
  /** `macOS`, `linux`, `iOS` ... */
  os: string | null
  /** Null: the key does not expire. */
  keyExpiresAt: string | null
  isKeyExpired: boolean
  /** What the coordination server claims; it holds for a minute after a link is cut. */
  isOnline: boolean
}

export interface TailnetPeer extends TailnetNode {
  /** How packets go now: `idle` when none do. */
  path: 'direct' | 'peer-relay' | 'relay' | 'idle'
  lastSeenAt: string | null
}

export interface TailnetValue {
  state: 'running' | 'stopped' | 'needs-login' | 'starting' | 'needs-machine-auth'
  /** Null before the first login, and while Tailscale is not started. */
  self: TailnetNode | null
  peers: TailnetPeer[]
  /** Tailscale's own warnings, in its words. */
  health: string[]
}

const states: Readonly<Record<string, TailnetValue['state']>> = {
  Running: 'running',
  Stopped: 'stopped',
  NeedsLogin: 'needs-login',
  Starting: 'starting',
  NoState: 'starting',
  NeedsMachineAuth: 'needs-machine-auth',
}

/**
 * The tailnet as this machine's Tailscale tells it. Warnings and time stamps may stand before the JSON. `Peer`, `User` and
 * `TailscaleIPs` are null where there are none; a time that never was is the year 1.
 *
 *     "BackendState": "Running",
 *     "Self": { "HostName": "mac1", "DNSName": "mac1.tail1a2b3c.ts.net.", "TailscaleIPs": ["100.75.153.24"] },
 *     "Peer": null,
 *
 * Tailscale's app may be installed without its command line, so that four places are tried.
 */
export const tailnet: Probe<'tailnet', TailnetValue> = {
  id: 'tailnet',
  columns: [
    { field: 'state', about: 'Whether Tailscale runs and is signed in' },
    { field: 'self', about: 'This machine in the tailnet' },
    { field: 'peers', about: 'The other machines, with the path to each' },
    { field: 'health', about: "Tailscale's own warnings" },
  ],
  everyMs: 30_000,
  timeoutMs: 10_000,
  questions: {
    darwin: [
      [
        ['tailscale', 'status', '--json'],
        ['/usr/local/bin/tailscale', 'status', '--json'],
        ['/opt/homebrew/bin/tailscale', 'status', '--json'],
        ['/Applications/Tailscale.app/Contents/MacOS/Tailscale', 'status', '--json'],
      ],
    ],
    linux: [
      [
        ['tailscale', 'status', '--json'],
        ['/usr/bin/tailscale', 'status', '--json'],
      ],
    ],
  },
  // "The Tailscale GUI failed to start" comes with exit status 0.
  isUsable: ({ stdout }) => jsonOf(stdout) !== undefined,
  parse([answer], { now }): TailnetValue | Unparsed {
    const status = parseJson(jsonOf(answer?.stdout ?? ''))
    if (!isRecord(status)) {
      const isDown = /doesn't appear to be running|is Tailscale running|not running\?/i.test(
        textOf(answer),
      )
      return isDown
        ? { state: 'stopped', self: null, peers: [], health: [] }
        : explain(answer, 'BackendState')
    }
    const backendState = stringOf(status.BackendState)
    if (backendState === 'InUseOtherUser') {
      return unparsed('not-permitted', 'Tailscale is in use by another account of this machine')
    }
    const state = states[backendState ?? '']
    if (state === undefined) {
      const seen = backendState === null ? quote(answer?.stdout ?? '') : quote(backendState)
      return unparsed('unrecognised', `no known "BackendState" in ${seen}`)
    }
    const suffix = suffixOf(status)
    const peers = isRecord(status.Peer) ? Object.values(status.Peer).filter(isRecord) : []
    return {
      state,
      self: isRecord(status.Self) && status.Self.DNSName ? nodeOf(status.Self, suffix, now) : null,
      peers: peers
        .map((peer) => ({
          ...nodeOf(peer, suffix, now),
          path: pathOf(peer),
          lastSeenAt: isoOf(peer.LastSeen),
        }))
        .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
      health: stringsOf(status.Health),
    }
  },
}

type Fields = Readonly<Record<string, unknown>>

/** From the first line that begins with `{`; undefined without one. */
function jsonOf(text: string): string | undefined {
  const at = text.startsWith('{') ? 0 : text.indexOf('\n{') + 1
  return text[at] === '{' ? text.slice(at) : undefined
}

function suffixOf(status: Fields): string {
  const current = isRecord(status.CurrentTailnet) ? status.CurrentTailnet.MagicDNSSuffix : undefined
  return stringOf(status.MagicDNSSuffix) ?? stringOf(current) ?? ''
}

function nodeOf(node: Fields, suffix: string, now: number): TailnetNode {
  const dnsName = (stringOf(node.DNSName) ?? '').replace(/\.$/, '')
  const ending = `.${suffix}`
  const name =
    suffix !== '' && dnsName.endsWith(ending) ? dnsName.slice(0, -ending.length) : dnsName
  const keyExpiresAt = isoOf(node.KeyExpiry)
  return {
    name: name || (stringOf(node.HostName) ?? ''),
    addresses: stringsOf(node.TailscaleIPs),
    os: stringOf(node.OS),
    keyExpiresAt,
    isKeyExpired:
      node.Expired === true || (keyExpiresAt !== null && Date.parse(keyExpiresAt) <= now),
    isOnline: node.Online === true,
  }
}

function pathOf(peer: Fields): TailnetPeer['path'] {
  if (peer.Active !== true) return 'idle'
  if (stringOf(peer.CurAddr) !== null) return 'direct'
  if (stringOf(peer.PeerRelay) !== null) return 'peer-relay'
  return stringOf(peer.Relay) === null ? 'idle' : 'relay'
}
