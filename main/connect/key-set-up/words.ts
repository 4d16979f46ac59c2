import type { ErrorInfo } from '../../../preload/contract/base.ts'
import { quotePosix } from '../../hosts/quote.ts'
import type { SshConfig } from '../../hosts/ssh/config.ts'
import { type PublicKey, publicKeyLine } from './public-key.ts'
import { isUsualKeyFile, type SshdSettings } from './sshd-settings.ts'

/** Nobody was asked for a password: the machine takes none. Somebody who is in already can add the key. */
export function byHand(info: ErrorInfo, config: SshConfig, key: PublicKey): ErrorInfo {
  const params = { address: config.hostname, account: config.user }
  const line = quotePosix(['printf', '%s\\n', publicKeyLine(key)])
  return {
    ...info,
    message: { key: 'key-set-up.no-password', params },
    remedy: {
      ...{ kind: 'run-command', where: 'on-host' },
      text: { key: 'key-set-up.remedy.by-hand', params },
      target: `mkdir -p -m 700 ~/.ssh && ${line} >> ~/.ssh/authorized_keys`,
    },
  }
}

/** Why the server does not take a key that is in place, as far as that can be seen from the account. */
export function notAccepted(
  info: ErrorInfo,
  { hostname: address, user: account }: SshConfig,
  seen: { isHomeOpen: boolean; settings: SshdSettings },
): ErrorInfo {
  const { acceptsKeys, keyFiles } = seen.settings
  const params = { address, account }
  if (acceptsKeys === false) {
    return { ...info, message: { key: 'key-set-up.public-key-off', params: { address } } }
  }
  if (keyFiles !== null && !keyFiles.some(isUsualKeyFile)) {
    const path = keyFiles.join(' ')
    return { ...info, message: { key: 'key-set-up.other-file', params: { address, path } } }
  }
  if (seen.isHomeOpen) {
    return {
      ...info,
      message: { key: 'key-set-up.home-open', params: { account } },
      remedy: {
        ...{ kind: 'run-command', where: 'on-host', target: 'chmod go-w ~' },
        text: { key: 'key-set-up.remedy.home-open', params: { account } },
      },
    }
  }
  return { ...info, message: { key: 'key-set-up.not-accepted', params } }
}
