import type { ErrorInfo } from '../../../preload/contract/base.ts'
import { platformOf } from '../platform.ts'
import { doIt, readIt, runIt } from '../remedies.ts'
import { type DoctorStep, type Outcome, outcome } from '../step.ts'
import { unforeseen } from '../unforeseen.ts'

/** Passes where what answers there speaks SSH; Tailscale’s own server is a note. */
export const sshBanner: DoctorStep = {
  id: 'ssh-banner',
  async look(visit) {
    const { attempt, config } = visit
    const hop = await attempt.hop('ssh')
    const { name } = config
    if (hop.kind === 'done') {
      const { detail: banner, durationMs } = hop.step
      if (isTailscaleSsh(banner)) {
        return outcome(
          'attention',
          { key: 'doctor.ssh-banner.tailscale', params: { name } },
          {
            durationMs,
            meaning: { key: 'doctor.meaning.tailscale-ssh', params: { name } },
            remedies: [
              readIt(
                'doctor.remedy.about-tailscale-ssh',
                'https://tailscale.com/kb/1193/tailscale-ssh',
              ),
            ],
            detail: banner,
          },
        )
      }
      return banner === null
        ? outcome('passed', { key: 'doctor.ssh-banner.there' }, { durationMs })
        : outcome('passed', { key: 'doctor.ssh-banner.passed', params: { banner } }, { durationMs })
    }
    const { error } = hop.stop
    const detail = error.detail ?? null
    const { port = config.port } = error.message.params ?? {}
    switch (error.code) {
      case 'key-not-found':
        return outcome('unknown', { key: 'doctor.unknown.no-key-file' })
      case 'not-ssh': {
        const tcp = await attempt.hop('tcp')
        const isProxied = tcp.kind === 'done' && tcp.step.state === 'skipped'
        if (isProxied) {
          const params = { via: tcp.step.detail }
          return outcome('failed', { key: 'doctor.ssh-banner.not-ssh-proxied', params }, { detail })
        }
        return outcome(
          'failed',
          { key: 'doctor.ssh-banner.not-ssh', params: { port } },
          { remedies: [doIt('here', 'doctor.remedy.check-port')], detail },
        )
      }
      case 'no-common-algorithm':
        return noCommonAlgorithm(name, error)
      case 'timeout':
      case 'closed-by-host':
        return outcome(
          'failed',
          { key: `doctor.ssh-banner.${error.code}`, params: { name } },
          {
            causes: [
              { key: 'doctor.cause.sshd-busy', params: { name } },
              { key: 'doctor.cause.half-asleep', params: { name } },
              { key: 'doctor.cause.disk-full', params: { name } },
              { key: 'doctor.cause.refuses-this-computer', params: { name } },
            ],
            remedies: [
              doIt('here', 'doctor.remedy.wait-and-try'),
              runIt(
                'on-host',
                'doctor.remedy.restart-sshd',
                platformOf(visit) === 'linux'
                  ? 'sudo systemctl restart ssh'
                  : 'sudo launchctl kickstart -k system/com.openssh.sshd',
              ),
            ],
            detail,
          },
        )
      default:
        return unforeseen(error)
    }
  },
}

export function noCommonAlgorithm(name: string, { detail }: ErrorInfo): Outcome {
  return outcome(
    'failed',
    { key: 'doctor.ssh-banner.no-common-algorithm', params: { name } },
    {
      remedies: [doIt('on-host', 'doctor.remedy.update-there', { name })],
      detail: detail ?? null,
    },
  )
}

export function isTailscaleSsh(banner: string | null): boolean {
  return /^SSH-2\.0-Tailscale/i.test(banner ?? '')
}
