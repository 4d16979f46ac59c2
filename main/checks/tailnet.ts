import { machinesPage } from '../tailnet/pages.ts'
import type { Check } from './check.ts'
import { doIt, judgement, readPage, runCommand, withoutReading } from './judgement.ts'

/** Without the tailnet the machine is reachable only from its own network; people then open ports to the world. */
export const tailnet: Check<'tailnet'> = {
  id: 'tailnet',
  area: 'reachability',
  needs: ['tailnet'],
  judge({ tailnet: reading }, context) {
    if (reading.kind === 'unknown') {
      return reading.reason === 'not-installed'
        ? judgement('tailnet', 'off', 'absent')
        : withoutReading('tailnet', reading, context)
    }
    const { state, self } = reading.value
    const start = runCommand('tailnet-start', context, 'tailscale up')
    switch (state) {
      case 'running':
        return self !== null && !self.isOnline
          ? judgement('tailnet', 'attention', 'offline', {
              remedy: doIt('tailnet-network', context),
            })
          : judgement('tailnet', 'pass', 'running')
      case 'starting':
        return judgement('tailnet', 'attention', 'starting', {
          remedy: doIt('tailnet-network', context),
        })
      case 'stopped':
        return judgement('tailnet', 'fail', 'stopped', { remedy: start })
      case 'needs-login':
        return judgement('tailnet', 'fail', 'needs-login', { remedy: start })
      case 'needs-machine-auth':
        return judgement('tailnet', 'fail', 'needs-machine-auth', {
          remedy: readPage('tailnet-approve', machinesPage),
        })
    }
  },
}
