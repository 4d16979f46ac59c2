import type { ErrorCode } from './base.ts'

const connectionCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...(['unknown-host-name', 'refused', 'unreachable', 'local-network-denied'] as const),
  ...(['closed-by-host', 'not-ssh', 'no-common-algorithm', 'auth', 'wrong-password'] as const),
  ...(['wrong-passphrase', 'key-not-found', 'host-key-unknown', 'host-key-changed'] as const),
  ...(['host-key-revoked', 'host-key-rejected', 'host-keys-unreadable'] as const),
  ...(['ssh-config', 'proxy-failed', 'timeout'] as const),
])

/** Whether a failure is one of the way to a Host, so that the doctor can find its place. */
export function isOfConnection(code: ErrorCode): boolean {
  return connectionCodes.has(code)
}
