import type { SshConfig } from '../config.ts'
import { supportedHostKeys } from '../host-key-verifier.ts'
import type { KnownKeys } from '../known-hosts.ts'

/** What is known before a connection, beside the configuration. */
export interface LoginFacts {
  known: KnownKeys
  /** Types of the keys in the identity files that are there: `ssh-ed25519`, `sk-ssh-ed25519@openssh.com` ... */
  keyTypes: readonly string[]
  /** A `-cert.pub` lies beside one of them. */
  hasCertificate: boolean
  /** Kinds that ssh2 cannot use, where the agent holds no other; see `listForeignKinds`. */
  agentKinds: readonly string[]
}

/** Of ssh2 1.17, lib/protocol/constants.js, without SHA-1 and MD5. */
const ciphers = [
  ...['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'chacha20-poly1305@openssh.com'],
  ...['aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
]
const keyExchanges = [
  ...['curve25519-sha256', 'curve25519-sha256@libssh.org'],
  ...['ecdh-sha2-nistp256', 'ecdh-sha2-nistp384', 'ecdh-sha2-nistp521'],
  ...['diffie-hellman-group-exchange-sha256', 'diffie-hellman-group14-sha256'],
  ...['diffie-hellman-group16-sha512', 'diffie-hellman-group18-sha512'],
]

/**
 * Why a connection needs the system's own ssh: what ssh2 cannot do, in words for a step's detail. Empty means that ssh2 does, which
 * starts faster.
 *
 * @example whyOpenSsh(config, { keyTypes: ['sk-ssh-ed25519@openssh.com'], ... }) // ['security key']
 */
export function whyOpenSsh(config: SshConfig, facts: LoginFacts): string[] {
  const { known, keyTypes, hasCertificate, agentKinds } = facts
  const agent = config.isIdentitiesOnly ? [] : agentKinds
  const isKey = config.hasPublicKeyLogin
  const has = (kinds: readonly string[], pattern: RegExp) =>
    kinds.some((kind) => pattern.test(kind))
  const isCertified = [...known.keys, ...known.bareKeys].some(
    ({ marker }) => marker === 'cert-authority',
  )
  const reasons: readonly (readonly [string, boolean])[] = [
    ['security key', isKey && (has(keyTypes, /^sk-/) || has(agent, /^sk-/))],
    ['SecurityKeyProvider', isKey && config.securityKeyProvider !== null],
    [
      'certificate',
      isKey && (hasCertificate || config.certificateFiles.length > 0 || has(agent, /-cert-v01@/)),
    ],
    ['PKCS11Provider', isKey && config.pkcs11Provider !== null],
    ['@cert-authority', isCertified],
    ['RevokedHostKeys', config.revokedHostKeysFile !== null],
    ['PreferredAuthentications', lacks(config.preferredLogins, ['publickey', 'password', 'none'])],
    ['Ciphers', lacks(config.ciphers, ciphers)],
    ['KexAlgorithms', lacks(config.keyExchanges, keyExchanges)],
    ['HostKeyAlgorithms', lacks(config.hostKeyAlgorithms, supportedHostKeys)],
  ]
  return reasons.filter(([, applies]) => applies).map(([name]) => name)
}

/** An empty list allows everything. */
function lacks(allowed: readonly string[], supported: readonly string[]): boolean {
  return allowed.length > 0 && !allowed.some((name) => supported.includes(name))
}
