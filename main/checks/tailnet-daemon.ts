import type { Check } from './check.ts'
import { judgement, runCommand, withoutReading } from './judgement.ts'

/** Both of Tailscale's apps for macOS stop at log-out and at a switch of accounts: then nobody reaches the Studio any more. */
export const tailnetDaemon: Check<'tailnet' | 'power'> = {
  id: 'tailnet-daemon',
  area: 'reachability',
  needs: ['tailnet', 'power'],
  judge({ tailnet: reading, power }, context) {
    if (context.platform === 'linux') {
      const detail = 'Tailscale for Linux is always a system daemon'
      return withoutReading('tailnet-daemon', { reason: 'not-supported', detail }, context)
    }
    if (reading.kind === 'unknown') {
      return reading.reason === 'not-installed'
        ? judgement('tailnet-daemon', 'off', 'absent')
        : withoutReading('tailnet-daemon', reading, context)
    }
    const { variant } = reading.value
    if (variant === 'daemon') return judgement('tailnet-daemon', 'pass', 'daemon')
    if (variant === null) {
      const detail = 'neither its files nor its version tell which Tailscale this is'
      return withoutReading('tailnet-daemon', { reason: 'unrecognised', detail }, context)
    }
    if (power.kind === 'unknown') return withoutReading('tailnet-daemon', power, context)
    if (power.value.hasBattery === null) {
      const detail = 'pmset does not say whether this is a portable machine'
      return withoutReading('tailnet-daemon', { reason: 'unrecognised', detail }, context)
    }
    // whoever carries a machine is logged in when it is used
    if (power.value.hasBattery) return judgement('tailnet-daemon', 'off', 'portable')
    const remedy = runCommand('tailnet-daemon', context, toDaemon)
    return variant === 'app-store'
      ? judgement('tailnet-daemon', 'attention', 'app-store', { remedy })
      : judgement('tailnet-daemon', 'attention', 'standalone', { remedy })
  },
}

/** The open-source tailscaled by Homebrew, started by launchd with the machine (tailscale#987); the account may then run it. */
const toDaemon =
  'brew install --formula tailscale && sudo brew services start tailscale && sudo tailscale up --operator=$USER'
