import { explain, textOf } from './answer.ts'
import type { Answer, Probe, Unparsed } from './probe.ts'

export interface RemoteLoginValue {
  isOn: boolean
}

const service = 'system/com.openssh.sshd'
const units = ['ssh.service', 'ssh.socket', 'sshd.service', 'sshd.socket'] as const

/**
 * Whether accounts can log in over SSH. launchd starts sshd on demand: it is on although "state = not running", and
 * off when launchd does not know it (exit status 113, no root needed). systemsetup needs root, and refuses on stdout with
 * exit status 0.
 *
 *     system/com.openssh.sshd = {
 *     Could not find service "com.openssh.sshd" in domain for system
 *     Remote Login: Off
 *
 * On Linux a line of systemctl for each of four names: `active`, `inactive` ...
 */
export const remoteLogin: Probe<'remote-login', RemoteLoginValue> = {
  id: 'remote-login',
  columns: [{ field: 'isOn', about: 'Whether accounts can log in over SSH' }],
  everyMs: 300_000,
  questions: {
    darwin: [
      [
        ['launchctl', 'print', service],
        ['systemsetup', '-getremotelogin'],
      ],
    ],
    linux: [[['systemctl', 'is-active', ...units]]],
  },
  isUsable: (output) => isOnMac(textOf(output)) !== null,
  parse([answer], { platform }) {
    if (platform === 'linux') return parseLinux(answer)
    const isOn = isOnMac(textOf(answer))
    return isOn === null ? explain(answer, service) : { isOn }
  },
}

function isOnMac(text: string): boolean | null {
  if (text.includes(`${service} = {`)) return true
  if (text.includes('Could not find service "com.openssh.sshd"')) return false
  const word = /^Remote Login: (On|Off)\b/im.exec(text)?.[1]
  return word === undefined ? null : word.toLowerCase() === 'on'
}

function parseLinux(answer: Answer | undefined): RemoteLoginValue | Unparsed {
  const words = (answer?.stdout ?? '').split('\n').filter((line) => line !== '')
  const isAnswer =
    words.length === units.length && words.every((word) => /^[a-z]{1,20}$/.test(word))
  if (isAnswer) return { isOn: words.includes('active') }
  const unknown = explain(answer, units[0])
  const hasNoManager = /not been booted with systemd|Failed to connect to bus/i.test(textOf(answer))
  return hasNoManager || answer?.isMissing ? { ...unknown, reason: 'not-supported' } : unknown
}
