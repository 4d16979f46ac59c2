import type { Tailnet, TailnetNode, TailnetPeer } from '../../preload/contract/tailnet.ts'
import type { Argv, CommandOutput, Platform } from '../hosts/host.ts'
import { explain, isoOf, quote, textOf } from './answer.ts'
import { isRecord, parseJson, stringOf, stringsOf } from './json.ts'
import {
  type Answer,
  type Probe,
  type Question,
  type Unparsed,
  unparsed,
  userIdWord,
} from './probe.ts'

const bundled = '/Applications/Tailscale.app/Contents/MacOS/Tailscale'

/**
 * Where the command line of Tailscale may be, best first. The app's own is called by its full path, since a link to it aborts
 * (tailscale#11510). The last helps only where the app finds no session of its account: see {@link isAppStartFailure}.
 */
export const tailscalePrograms: Readonly<Record<Platform, readonly [Argv, ...Argv[]]>> = {
  darwin: [
    ['tailscale'],
    ['/usr/local/bin/tailscale'],
    ['/opt/homebrew/bin/tailscale'],
    [bundled],
    ['/bin/launchctl', 'asuser', userIdWord, bundled],
  ],
  linux: [['tailscale'], ['/usr/bin/tailscale']],
}

/** Not worth a try unless another program failed to start the app. */
export function isLastResort([program]: Argv): boolean {
  return program === '/bin/launchctl'
}

/** "The Tailscale GUI failed to start", on stdout and with exit status 0: the app was not asked at all. */
export function isAppStartFailure(output: CommandOutput): boolean {
  return /GUI failed to start|bundleIdentifier is unknown to the registry/i.test(textOf(output))
}

/** "failed to connect to local tailscaled; it doesn't appear to be running": nobody was asked at all. */
export function isDaemonDown(output: CommandOutput): boolean {
  return /doesn['’]t appear to be running|is Tailscale running|not running\?/i.test(textOf(output))
}

function asking(platform: Platform): Question {
  const [first, ...others] = tailscalePrograms[platform]
  const ask = ([program, ...args]: Argv): Argv => [program, ...args, 'status', '--json']
  return [ask(first), ...others.map(ask)]
}

const app = '/Applications/Tailscale.app'
const receipt = `${app}/Contents/_MASReceipt`

/** What each kind of Tailscale for macOS leaves behind: the two apps, `tailscaled install-system-daemon`, Homebrew, any tailscaled. */
const traces: Argv = [
  'ls',
  '-d',
  app,
  receipt,
  '/Library/LaunchDaemons/com.tailscale.tailscaled.plist',
  '/Library/LaunchDaemons/homebrew.mxcl.tailscale.plist',
  '/var/run/tailscaled.socket',
]

const states: Readonly<Record<string, Tailnet['state']>> = {
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
 * Tailscale's app may be installed without its command line, so that several places are tried. On a Mac, what `ls` finds tells
 * the app from the daemon; without that answer the variant is not known.
 */
export const tailnet: Probe<'tailnet', Tailnet> = {
  id: 'tailnet',
  columns: [
    { field: 'state', about: 'Whether Tailscale runs and is signed in' },
    { field: 'self', about: 'This machine in the tailnet' },
    { field: 'peers', about: 'The other machines, with the path to each' },
    { field: 'health', about: "Tailscale's own warnings" },
    { field: 'isDaemonRunning', about: 'Whether anything answers at all' },
    { field: 'variant', about: 'Which Tailscale it is: one of the apps, or the system daemon' },
    { field: 'version', about: 'Version of the part that runs' },
    { field: 'tailnetName', about: 'Name of the tailnet' },
    { field: 'loginName', about: 'Account that is logged in' },
    { field: 'authUrl', about: 'Page on which to log in' },
  ],
  everyMs: 30_000,
  timeoutMs: 10_000,
  questions: {
    darwin: [asking('darwin'), [traces]],
    linux: [asking('linux')],
  },
  isUsable: ({ stdout, exitCode }, [program]) =>
    program === 'ls' ? exitCode < 2 : jsonOf(stdout) !== undefined,
  isWorthAsking: (argv, before) => !isLastResort(argv) || before.some(isAppStartFailure),
  parse([answer, found], { now, platform }): Tailnet | Unparsed {
    const status = parseJson(jsonOf(answer?.stdout ?? ''))
    const variantIn = (version: string | null) =>
      platform === 'linux' ? 'daemon' : variantOf(found, version)
    if (!isRecord(status)) {
      if (answer === undefined || !isDaemonDown(answer)) return explain(answer, 'BackendState')
      return {
        ...{ state: 'stopped', isDaemonRunning: false, variant: variantIn(null), version: null },
        ...{ tailnetName: null, loginName: null, authUrl: null, self: null, peers: [], health: [] },
      }
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
    const version = stringOf(status.Version)
    const self = isRecord(status.Self) ? status.Self : {}
    const peers = isRecord(status.Peer) ? Object.values(status.Peer).filter(isRecord) : []
    return {
      state,
      isDaemonRunning: true,
      variant: variantIn(version),
      // 1.102.4-t3caf7d9e7-g084ee3b64: the rest names commits
      version: version?.replace(/-t[0-9a-f]{6,}.*$/s, '') ?? null,
      tailnetName: isRecord(status.CurrentTailnet) ? stringOf(status.CurrentTailnet.Name) : null,
      loginName: loginNameOf(status, self),
      authUrl: stringOf(status.AuthURL),
      self: stringOf(self.DNSName) === null ? null : nodeOf(self, suffix, now),
      peers: peers
        .map((peer) => ({
          ...nodeOf(peer, suffix, now),
          path: pathOf(peer),
          relayRegion: stringOf(peer.Relay),
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

/**
 * By what is installed. Where that is both or neither, by the version of what runs: on macOS Tailscale's own builds, the apps, name
 * a second commit with `-g`, the open-source ones do not (tailscale#6305).
 */
function variantOf(found: Answer | undefined, version: string | null): Tailnet['variant'] {
  if (
    found === undefined ||
    found.isMissing ||
    found.isNotRecorded ||
    found.failure !== undefined
  ) {
    return null
  }
  const paths = found.stdout.split('\n')
  const hasApp = paths.includes(app)
  const hasDaemon = traces.slice(4).some((path) => paths.includes(path))
  const ofApp = paths.includes(receipt) ? 'app-store' : 'standalone'
  if (hasApp !== hasDaemon) return hasApp ? ofApp : 'daemon'
  const [, isOwnBuild] = /-t[0-9a-f]{6,}(-g[0-9a-f]{6,})?/.exec(version ?? '') ?? [null, null]
  if (isOwnBuild === null) return null
  if (isOwnBuild === undefined) return 'daemon'
  return hasApp ? ofApp : null
}

function loginNameOf(status: Fields, self: Fields): string | null {
  const user = isRecord(status.User) ? status.User[String(self.UserID)] : undefined
  return isRecord(user) ? stringOf(user.LoginName) : null
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
    id: stringOf(node.ID),
    name: name || (stringOf(node.HostName) ?? ''),
    dnsName: dnsName || null,
    addresses: stringsOf(node.TailscaleIPs),
    os: stringOf(node.OS),
    keyExpiresAt,
    isKeyExpired:
      node.Expired === true || (keyExpiresAt !== null && Date.parse(keyExpiresAt) <= now),
    isOnline: node.Online === true,
    // the name of the field is Tailscale's (ipnstate.PeerStatus); it is left out where there are none
    hasTailscaleSsh: stringsOf(node.sshHostKeys).length > 0,
  }
}

function pathOf(peer: Fields): TailnetPeer['path'] {
  if (peer.Active !== true) return 'idle'
  if (stringOf(peer.CurAddr) !== null) return 'direct'
  if (stringOf(peer.PeerRelay) !== null) return 'peer-relay'
  return stringOf(peer.Relay) === null ? 'idle' : 'relay'
}
