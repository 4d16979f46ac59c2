import type { Tailnet } from '../../../preload/contract/tailnet.ts'
import { renewKey } from '../../alerts/key-expiry.ts'
import { machinesPage } from '../../tailnet/pages.ts'
import { doIt, readIt, runIt } from '../remedies.ts'
import { type DoctorStep, type Outcome, outcome } from '../step.ts'

/** As the alert has it. */
const soonMs = 14 * 24 * 3_600_000

/** Passes where an account is signed in here and its key has not expired; a key about to expire is a note. */
export const tailscaleLoggedIn: DoctorStep = {
  id: 'tailscale-logged-in',
  isTailnet: true,
  async look({ tailnet, clock }) {
    const reading = await tailnet
    if (reading.kind === 'unknown') {
      return outcome('unknown', { key: 'doctor.unknown.tailscale-silent' })
    }
    return judge(reading.value, clock.now())
  },
}

/** "Online" of this machine's own node says nothing here: it stays true after its key has expired. */
function judge(tailnet: Tailnet, now: number): Outcome {
  const { state, self, authUrl, variant, loginName, tailnetName } = tailnet
  const isApp = variant === 'app-store' || variant === 'standalone'
  const renew = isApp
    ? renewKey('here')
    : runIt('here', 'doctor.remedy.renew-key-command', 'tailscale up --force-reauth')
  const signIn = isApp
    ? doIt('here', 'doctor.remedy.log-in-app')
    : // not `login`: that begins an empty profile, without the server and the settings of this one
      runIt('here', 'doctor.remedy.log-in-command', 'tailscale up')
  // while the node runs it is signed in: only a renewal does anything
  const logIn = state === 'running' ? renew : signIn
  const remedies =
    authUrl === null ? [logIn] : [readIt('doctor.remedy.log-in-page', authUrl), logIn]
  const meaning = { key: 'doctor.meaning.logged-out' }
  const expiresAt = self?.keyExpiresAt ?? null
  if (self?.isKeyExpired === true && state !== 'needs-machine-auth') {
    const found =
      expiresAt === null
        ? { key: 'doctor.tailscale-logged-in.expired' }
        : { key: 'doctor.tailscale-logged-in.expired-at', params: { expiredAt: expiresAt } }
    return outcome('failed', found, { meaning, remedies })
  }
  if (state === 'needs-login') {
    return outcome(
      'failed',
      { key: 'doctor.tailscale-logged-in.signed-out' },
      { meaning, remedies },
    )
  }
  if (state === 'needs-machine-auth') {
    return outcome(
      'failed',
      { key: 'doctor.tailscale-logged-in.needs-approval' },
      { meaning, remedies: [readIt('doctor.remedy.approve', machinesPage)] },
    )
  }
  if (expiresAt !== null && Date.parse(expiresAt) - now < soonMs) {
    return outcome(
      'attention',
      { key: 'doctor.tailscale-logged-in.expires-soon', params: { expiresAt } },
      { meaning: { key: 'doctor.meaning.expires-soon' }, remedies: [renew] },
    )
  }
  const name = tailnetName ?? loginName
  return name === null
    ? outcome('passed', { key: 'doctor.tailscale-logged-in.there' })
    : outcome('passed', { key: 'doctor.tailscale-logged-in.passed', params: { name } })
}
