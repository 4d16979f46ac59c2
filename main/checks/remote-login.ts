import type { Check } from './check.ts'
import { inSettings, judgement, panes, runCommand, withoutReading } from './judgement.ts'

/** Without it, nobody can reach a machine that has no screen and keyboard: not to load a model, not to repair it. */
export const remoteLogin: Check<'remote-login' | 'power'> = {
  id: 'remote-login',
  area: 'reachability',
  needs: ['remote-login', 'power'],
  judge({ 'remote-login': reading, power }, context) {
    if (reading.kind === 'unknown') return withoutReading('remote-login', reading, context)
    if (reading.value.isOn) return judgement('remote-login', 'pass', 'on')
    // A laptop connects to others; that nobody can log in there is as it should be.
    if (power.kind === 'value' && power.value.hasBattery) {
      return judgement('remote-login', 'off', 'portable')
    }
    const remedy =
      context.platform === 'darwin'
        ? inSettings('remote-login', panes.sharing, context)
        : runCommand('remote-login-linux', context, 'sudo systemctl enable --now ssh')
    return judgement('remote-login', 'attention', 'off-now', { remedy })
  },
}
