import type { Remedy } from '../../../preload/contract/base.ts'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import type { Tailnet } from '../../../preload/contract/tailnet.ts'
import { checkNetworkHere, ownNetworkOf } from '../own-network.ts'
import { doIt, runIt } from '../remedies.ts'
import { type DoctorStep, type Outcome, outcome } from '../step.ts'

/**
 * Passes where the daemon here runs, is switched on and reaches its server; says how to start the variant that is installed. That the
 * server is not reached is a note, since the tailnet may work without it: the ping tells. Without any network nothing does.
 */
export const tailscaleRunning: DoctorStep = {
  id: 'tailscale-running',
  isTailnet: true,
  async look(visit) {
    const { tailnet, platform } = visit
    const reading = await tailnet
    if (reading.kind === 'unknown') {
      const { reason, detail } = reading
      if (reason === 'not-permitted') {
        return outcome(
          'failed',
          { key: 'doctor.tailscale-running.other-account' },
          {
            meaning: { key: 'doctor.meaning.other-account' },
            remedies: [doIt('here', 'doctor.remedy.other-account')],
          },
        )
      }
      const key = reason === 'timed-out' ? 'silent' : 'unrecognised'
      return outcome(
        'unknown',
        { key: `doctor.tailscale-running.${key}` },
        { remedies: [doIt('here', 'doctor.remedy.restart-tailscale')], detail },
      )
    }
    const { state, isDaemonRunning, variant, health } = reading.value
    const detail = health.length === 0 ? null : health.join('\n')
    if (!isDaemonRunning) {
      return outcome(
        'failed',
        { key: 'doctor.tailscale-running.not-running' },
        {
          meaning: { key: 'doctor.meaning.tailscale-off' },
          remedies: startIt(variant, platform),
          detail,
        },
      )
    }
    if (state === 'stopped') {
      return outcome(
        'failed',
        { key: 'doctor.tailscale-running.switched-off' },
        {
          meaning: { key: 'doctor.meaning.tailscale-off' },
          remedies: [switchOn(variant)],
          detail,
        },
      )
    }
    const own = await ownNetworkOf(visit)
    const isAnswered = own !== 'fine' && (await visit.ping)?.result.kind === 'pong'
    if (own === 'none' && !isAnswered) {
      return outcome(
        'failed',
        { key: 'doctor.tailscale-running.no-network' },
        {
          meaning: { key: 'doctor.meaning.no-network-here' },
          remedies: [checkNetworkHere],
          detail,
        },
      )
    }
    if (state === 'starting') {
      return outcome(
        'failed',
        { key: 'doctor.tailscale-running.starting' },
        { remedies: [doIt('here', 'doctor.remedy.wait-and-try')], detail },
      )
    }
    if (own === 'cut-off') return withoutServer(visit.config, isAnswered, detail)
    return outcome('passed', { key: 'doctor.tailscale-running.passed' })
  },
}

function withoutServer(
  { name }: SshHostConfig,
  isAnswered: boolean,
  detail: string | null,
): Outcome {
  const found = { key: 'doctor.tailscale-running.no-server' }
  if (isAnswered) {
    const meaning = { key: 'doctor.meaning.no-server-but-answers', params: { name } }
    return outcome('attention', found, { meaning, detail })
  }
  return outcome('attention', found, {
    meaning: { key: 'doctor.meaning.no-server' },
    // Tailscale can miss that the network is back
    remedies: [checkNetworkHere, doIt('here', 'doctor.remedy.restart-tailscale')],
    detail,
  })
}

/** The apps are switched on in the menu bar; the daemon has nothing but its command line. */
function switchOn(variant: Tailnet['variant']): Remedy {
  return variant === 'app-store' || variant === 'standalone'
    ? doIt('here', 'doctor.remedy.switch-on-app')
    : runIt('here', 'doctor.remedy.switch-on', 'tailscale up')
}

function startIt(variant: Tailnet['variant'], platform: string): Remedy[] {
  if (platform === 'linux') {
    return [runIt('here', 'doctor.remedy.start-daemon', 'sudo systemctl start tailscaled')]
  }
  const app = doIt('here', 'doctor.remedy.open-app')
  const daemon = runIt('here', 'doctor.remedy.start-daemon', 'sudo brew services start tailscale')
  if (variant === 'daemon') return [daemon]
  return variant === null ? [app, daemon] : [app]
}
