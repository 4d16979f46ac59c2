/** What `ssh -v` says on stderr, as far as Studiolo understands it. */
export type SshEvent =
  | { kind: 'proxy' }
  | { kind: 'connecting'; address: string; port: number }
  | { kind: 'connected' }
  | { kind: 'banner'; text: string }
  | { kind: 'host-key'; keyType: string; fingerprint: string }
  /** The host has proved that it owns its key. */
  | { kind: 'keys-exchanged' }
  /** The server answers during the login. */
  | { kind: 'accepts'; methods: readonly string[] }
  | { kind: 'offered'; key: string }
  | { kind: 'key-accepted'; key: string }
  | { kind: 'logged-in'; method: string }
  /** For people: errors, and what the server sends before the login. */
  | { kind: 'said'; text: string }

type Rule = readonly [RegExp, (found: RegExpExecArray) => SshEvent]

const at = (found: RegExpExecArray, index: number) => found[index] ?? ''

/** The words of sshconnect.c, sshconnect2.c, kex.c and ssh.c of OpenSSH 8.4 to 10. */
const rules: readonly Rule[] = [
  [/^Executing proxy command: /, () => ({ kind: 'proxy' })],
  [
    /^Connecting to .* \[(\S+)\] port (\d{1,5})\.?$/,
    (found) => ({ kind: 'connecting', address: at(found, 1), port: Number(at(found, 2)) }),
  ],
  [/^Connection established\.?$/, () => ({ kind: 'connected' })],
  [
    /^Remote protocol version (\d+\.\d+), remote software version (.*)$/,
    (found) => ({ kind: 'banner', text: `SSH-${at(found, 1)}-${at(found, 2)}` }),
  ],
  [
    /^Server host (?:key|certificate): (\S+) (SHA256:[A-Za-z0-9+/]+)/,
    (found) => ({ kind: 'host-key', keyType: at(found, 1), fingerprint: at(found, 2) }),
  ],
  [/^SSH2_MSG_NEWKEYS sent$/, () => ({ kind: 'keys-exchanged' })],
  [
    /^Authentications that can continue: (\S*)$/,
    (found) => ({ kind: 'accepts', methods: at(found, 1).split(',') }),
  ],
  [
    /^Offering public key: (.+? [A-Z0-9-]+) SHA256:/,
    (found) => ({ kind: 'offered', key: at(found, 1) }),
  ],
  [
    /^Server accepts key: (.+?) [A-Z0-9-]+ SHA256:/,
    (found) => ({ kind: 'key-accepted', key: at(found, 1) }),
  ],
]

const loggedIn: Rule = [
  // macOS 12 and older: debug1, and other words
  /^(?:Authenticated to .* using "([a-z-]+)"|Authentication succeeded \(([a-z-]+)\))/,
  (found) => ({ kind: 'logged-in', method: at(found, 1) || at(found, 2) }),
]

/**
 * Reads one line of `ssh -v`; null for what tells nothing. Never throws. Part of it comes from the server, so it decides about messages
 * only, never about who is trusted.
 *
 * @example parseLine('debug1: Connecting to studio [10.0.0.5] port 22.') // { kind: 'connecting', address: '10.0.0.5', port: 22 }
 */
export function parseLine(line: string): SshEvent | null {
  const text = line.trim()
  const debug = /^debug\d: (.*)$/.exec(text)
  const words = debug?.[1] ?? text
  for (const [pattern, make] of debug === null ? [loggedIn] : [...rules, loggedIn]) {
    const found = pattern.exec(words)
    if (found !== null) return make(found)
  }
  const isNoise = /^(OpenSSH_|Transferred: |Bytes per second: |Pseudo-terminal)/.test(text)
  return debug !== null || text === '' || isNoise ? null : { kind: 'said', text }
}
