import type { HostError } from '../host.ts'
import { sshError } from './errors.ts'
import { changedKeyError } from './host-key.ts'
import type { Ask } from './keys.ts'
import {
  addKnownHost,
  fingerprint,
  judgeHostKey,
  keyType,
  orderHostKeyAlgorithms,
} from './known-hosts.ts'
import type { Accepted, LoginPlan } from './login-options.ts'

/** What ssh2 can verify, without SHA-1. */
export const supportedHostKeys: readonly string[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
]

/** Decides about the key of one host, for one connection. */
export class HostKeyVerifier {
  readonly #plan: LoginPlan
  readonly #accepted: Accepted
  readonly #ask: Ask
  #verified: Buffer | null = null
  #problem: HostError | null = null

  constructor(plan: LoginPlan, accepted: Accepted, ask: Ask) {
    this.#plan = plan
    this.#accepted = accepted
    this.#ask = ask
  }

  /** The key that the host may show; null before there is one. */
  get verified(): Buffer | null {
    return this.#verified
  }

  /** Why the host is not to be trusted. */
  get problem(): HostError | null {
    return this.#problem
  }

  /** What to ask the host for: the types first that it is known by. */
  algorithms(): string[] {
    const { config, known } = this.#plan
    const allowed = supportedHostKeys.filter(
      (name) => config.hostKeyAlgorithms.length === 0 || config.hostKeyAlgorithms.includes(name),
    )
    return orderHostKeyAlgorithms(known, allowed.length > 0 ? allowed : supportedHostKeys)
  }

  /** Resolves with the problem, or with null where the key is to be trusted; the person is asked about an unknown one. */
  async verify(blob: Buffer): Promise<HostError | null> {
    const { name, known } = this.#plan
    // a server shows its key again when it changes the session's keys
    if (this.#verified !== null) {
      const isSame = this.#verified.equals(blob)
      return isSame ? null : sshError('host-key-unknown', { address: name.name })
    }
    const key = blob.toString('base64')
    const verdict = judgeHostKey(known, blob)
    const params = { address: name.name, fingerprint: fingerprint(blob) }
    if (verdict.kind === 'unreadable') {
      this.#problem = verdict.problem
    } else if (verdict.kind === 'revoked') {
      const { path, line } = verdict.known
      this.#problem = sshError('host-key-revoked', { ...params, path, line })
    } else if (verdict.kind === 'changed') {
      this.#problem = changedKeyError(name, params.fingerprint, verdict.known)
    } else if (verdict.kind === 'unknown' && !this.#accepted.has(key)) {
      this.#problem = await this.#askFor(blob, params)
    }
    if (this.#problem !== null) return this.#problem
    if (verdict.kind === 'unknown') this.#accepted.add(key)
    this.#verified = blob
    return null
  }

  async #askFor(
    blob: Buffer,
    params: { address: string; fingerprint: string },
  ): Promise<HostError | null> {
    const detail = { ...params, keyType: keyType(blob) }
    if (this.#plan.config.isStrict) {
      return sshError('host-key-unknown', detail, 'StrictHostKeyChecking yes')
    }
    const answer = await this.#ask({ kind: 'host-key', ...detail })
    if (answer?.kind === 'host-key' && answer.isAccepted) return null
    return sshError(answer === null ? 'host-key-unknown' : 'host-key-rejected', detail)
  }

  /** Writes down a key that the person accepted. Only once the host has proved that it owns it. */
  async remember(): Promise<void> {
    const { config, name } = this.#plan
    const key = this.#verified?.toString('base64') ?? ''
    const [path] = config.userKnownHostsFiles
    if (this.#verified === null || !this.#accepted.has(key)) return
    if (path === undefined || path === '/dev/null') return
    await addKnownHost(path, name.name, this.#verified, { isHashed: config.isKnownHostsHashed })
    this.#accepted.delete(key)
  }
}
