import { systemClock } from '../../../main/core/clock.ts'
import type { Host } from '../../../main/hosts/host.ts'
import { createSshHost } from '../../../main/hosts/ssh.ts'
import { createMemorySecrets } from '../../../main/node/secrets.ts'
import { plainHost } from '../../../preload/contract/plain-host.ts'
import { silentLog } from '../../support/silent-log.ts'
import type { Account, Studio } from './studio.ts'

/**
 * The Studio as a Host, through an account. A question about its key is answered with yes where the fingerprint is the one
 * that ssh-keygen prints, and with no otherwise.
 */
export function sshHostOf(studio: Studio, account: Account = studio.account): Host {
  const host = createSshHost({
    config: {
      ...plainHost,
      kind: 'ssh',
      id: account.name,
      name: account.name,
      target: studio.address,
      account: account.name,
      port: studio.port,
      keyPath: studio.keyPath,
    },
    clock: systemClock,
    log: silentLog,
    secrets: createMemorySecrets(),
    homeDir: studio.clientHome,
    env: { HOME: studio.clientHome, PATH: process.env.PATH },
  })
  const known = (['ed25519', 'ecdsa', 'rsa'] as const).map((type) => studio.fingerprint(type))
  host.onLink(({ question }) => {
    if (question?.kind !== 'host-key') return
    const { fingerprint } = question
    host.answer({ kind: 'host-key', fingerprint, isAccepted: known.includes(fingerprint) })
  })
  return host
}
