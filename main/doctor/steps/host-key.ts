import { doIt, runIt } from '../remedies.ts'
import { type DoctorStep, type Outcome, outcome } from '../step.ts'
import { unforeseen } from '../unforeseen.ts'
import type { Visit } from '../visit.ts'
import { isTailscaleSsh, noCommonAlgorithm } from './ssh-banner.ts'

/** Prints the fingerprints of the Host's own keys. */
const showKeys = 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub'

/** Passes where the Host shows a key that is confirmed; never accepts one itself. */
export const hostKey: DoctorStep = {
  id: 'host-key',
  async look(visit) {
    const { attempt, config } = visit
    const hop = await attempt.hop('host-key')
    const { name } = config
    if (hop.kind === 'done') {
      const { detail, durationMs } = hop.step
      const found =
        detail === null
          ? { key: 'doctor.host-key.there' }
          : { key: 'doctor.host-key.passed', params: { fingerprint: detail } }
      return outcome('passed', found, { durationMs })
    }
    const { error } = hop.stop
    const params = { name, ...error.message.params }
    switch (error.code) {
      case 'key-not-found':
        return outcome('unknown', { key: 'doctor.unknown.no-key-file' })
      // the system's ssh hears the server's first words before it finds that
      case 'no-common-algorithm':
        return noCommonAlgorithm(name, error)
      case 'host-key-unknown':
      case 'host-key-rejected':
        return outcome(
          'failed',
          { key: 'doctor.host-key.unknown', params },
          {
            meaning: { key: 'doctor.meaning.host-key-unknown', params },
            remedies: [
              doIt('here', 'doctor.remedy.confirm-key', params),
              runIt('on-host', 'doctor.remedy.show-key', showKeys),
            ],
            detail: error.detail ?? null,
          },
        )
      case 'host-key-changed':
        return changed(visit, params, error.remedy === undefined ? [] : [error.remedy])
      case 'host-key-revoked':
        return outcome(
          'failed',
          // a list of revoked keys (RevokedHostKeys) has no lines
          { key: `doctor.host-key.revoked${isInLine(params) ? '' : '-by-file'}`, params },
          {
            meaning: { key: 'doctor.meaning.host-key-revoked', params },
            remedies: [doIt('on-host', 'doctor.remedy.ask-admin', { name })],
          },
        )
      default:
        return unforeseen(error)
    }
  },
}

function isInLine({ line }: Readonly<Record<string, unknown>>): boolean {
  return typeof line === 'number' && line > 0
}

async function changed(
  { attempt, peer, config }: Visit,
  params: Record<string, string | number | null>,
  remedies: Outcome['remedies'],
): Promise<Outcome> {
  const { name } = config
  const [ssh, found] = await Promise.all([attempt.hop('ssh'), peer])
  const banner = ssh.kind === 'done' ? ssh.step.detail : null
  const isByTailscale = isTailscaleSsh(banner) || found?.hasTailscaleSsh === true
  return outcome(
    'failed',
    { key: 'doctor.host-key.changed', params },
    {
      meaning: { key: 'doctor.meaning.host-key-changed', params },
      causes: [
        ...(isByTailscale ? [{ key: 'doctor.cause.tailscale-ssh-key', params: { name } }] : []),
        { key: 'doctor.cause.set-up-anew', params: { name } },
        { key: 'doctor.cause.other-machine', params: { name } },
        { key: 'doctor.cause.in-between' },
      ],
      remedies: [runIt('on-host', 'doctor.remedy.show-key', showKeys), ...remedies],
    },
  )
}
