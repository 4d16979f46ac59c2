import type { HostError } from '../host.ts'
import { quotePosix } from '../quote.ts'
import { sshError } from './errors.ts'
import { fingerprint, type HostName, type KnownKey } from './known-hosts.ts'

/**
 * A host that shows another key than the one in known_hosts: never accepted here. The remedy removes the old key by hand, after
 * whoever runs the host has said that the new one is right.
 */
export function changedKeyError(name: HostName, shown: string, known: KnownKey): HostError {
  const { path, line } = known
  const params = {
    address: name.name,
    fingerprint: shown,
    knownFingerprint: fingerprint(Buffer.from(known.key, 'base64')),
    path,
    line,
  }
  return sshError('host-key-changed', params, undefined, {
    remedy: {
      kind: 'run-command',
      where: 'here',
      text: { key: 'error.remedy.host-key-changed', params },
      target: quotePosix(['ssh-keygen', '-R', name.name, '-f', path]),
    },
  })
}
