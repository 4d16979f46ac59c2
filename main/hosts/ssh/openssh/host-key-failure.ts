import type { HostError } from '../../host.ts'
import { sshError } from '../errors.ts'
import { changedKeyError } from '../host-key.ts'
import type { LoginPlan } from '../login-options.ts'
import { knownKeyFor } from './answers.ts'
import type { AttemptTrace } from './failure.ts'

/**
 * Why ssh went no further than the host key; null where that is not why. `problem` is what the person's answer led to, if they were
 * asked.
 */
export function hostKeyFailure(
  trace: AttemptTrace,
  { name, known, config }: LoginPlan,
  { keyType, fingerprint }: { keyType: string; fingerprint: string },
  problem: () => HostError | null,
): HostError | null {
  // before the host's first word, another ssh in between may speak of its own host
  if (!trace.hasBanner) return null
  const said = trace.said.join('\n')
  const params = { address: name.name, fingerprint }
  const revoked = /revoked by file (.+)$/m.exec(said)
  if (revoked !== null || /REVOKED HOST KEY|key revoked/i.test(said)) {
    const key = known.keys.find(({ marker }) => marker === 'revoked')
    const path = revoked?.[1] ?? key?.path ?? config.revokedHostKeysFile ?? ''
    return sshError('host-key-revoked', { ...params, path, line: key?.line ?? 0 }, said)
  }
  const isOfKey = /IDENTIFICATION HAS CHANGED|Host key verification failed/.test(said)
  if (isOfKey && known.problem !== null) return known.problem
  if (/IDENTIFICATION HAS CHANGED/.test(said)) {
    const other = knownKeyFor(known, keyType, fingerprint)
    if (other !== null) return changedKeyError(name, fingerprint, other)
  }
  if (/you have requested strict checking/.test(said)) {
    return sshError('host-key-unknown', params, said)
  }
  if (!/Host key verification failed/.test(said)) return null
  return problem() ?? sshError('host-key-unknown', params, said)
}
