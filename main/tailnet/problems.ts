import type { ErrorInfo } from '../../preload/contract/base.ts'
import { errorInfo } from '../core/errors.ts'
import type { CommandOutput } from '../hosts/host.ts'
import { quote, textOf } from '../probes/answer.ts'
import { isAppStartFailure, isDaemonDown } from '../probes/tailnet.ts'

export const notPermitted = 'error.tailnet-not-permitted'

/**
 * Why a command of Tailscale failed, in words for the page. Open-source tailscaled obeys root and its operator only:
 *
 *     Access denied: checkprefs access denied
 *
 *     Use 'sudo tailscale up'.
 *     To not require root, use 'sudo tailscale set --operator=$USER' once.
 */
export function problemIn(output: CommandOutput): ErrorInfo {
  const detail = quote(textOf(output))
  if (/access denied|checkprefs/i.test(textOf(output))) {
    return {
      code: 'not-permitted',
      message: { key: notPermitted },
      detail,
      remedy: {
        kind: 'run-command',
        where: 'here',
        text: { key: 'error.remedy.tailnet-operator' },
        target: 'sudo tailscale set --operator=$USER',
      },
    }
  }
  const isNobodyThere = isDaemonDown(output) || isAppStartFailure(output)
  return errorInfo(isNobodyThere ? 'not-running' : 'unrecognised', {}, detail)
}

/**
 * The settings that `tailscale up` wants to hear again, out of the command that it prints; null where it wants none, or where a
 * word would need a shell to be read.
 *
 *     Error: changing settings via 'tailscale up' requires mentioning all
 *     non-default flags. To proceed, either re-run your command with --reset or
 *     use the command below to explicitly mention the current value of
 *     all non-default settings:
 *
 *     	tailscale up --accept-routes --login-server=https://headscale.example.com
 */
export function settingsIn(output: CommandOutput): string[] | null {
  const text = textOf(output)
  if (!text.includes('requires mentioning all')) return null
  const [, words = ''] = /^\s*tailscale up ([^\r\n]{1,4000})$/m.exec(text) ?? []
  const settings = words.split(' ').filter((word) => word !== '')
  const isPlain = settings.every((word) => /^--[a-z][a-z0-9-]*(=[\w.,:/@%+-]*)?$/i.test(word))
  return settings.length > 0 && isPlain ? settings : null
}
