import type { Tailnet } from '../../../preload/contract/tailnet.ts'
import { machinesPage } from '../../tailnet/pages.ts'
import { doIt, readIt } from '../remedies.ts'
import { type DoctorStep, outcome } from '../step.ts'
import { isErrorInfo } from '../visit.ts'

/** Passes where the Host belongs to the tailnet signed in to here: by its node, its address or the name of the tailnet. */
export const sameTailnet: DoctorStep = {
  id: 'same-tailnet',
  isTailnet: true,
  async look({ tailnet, ssh, peer, config }) {
    const [reading, resolved, found] = await Promise.all([tailnet, ssh, peer])
    if (reading.kind === 'unknown') {
      return outcome('unknown', { key: 'doctor.unknown.tailscale-silent' })
    }
    const { value } = reading
    const { name } = config
    const tailnetName = value.tailnetName ?? suffixOf(value) ?? '–'
    if (found !== null) {
      return outcome('passed', { key: 'doctor.same-tailnet.passed', params: { name, tailnetName } })
    }
    const suffix = suffixOf(value)
    const hostName = (isErrorInfo(resolved) ? config.target : resolved.hostname).toLowerCase()
    const isNamedHere = suffix !== null && hostName.replace(/\.$/, '').endsWith(`.${suffix}`)
    const wasSeenHere = config.tailnetName !== null && config.tailnetName === value.tailnetName
    if (isNamedHere || wasSeenHere) {
      const key = `doctor.same-tailnet.${isNamedHere ? 'same-name' : 'seen-here'}`
      return outcome('passed', { key, params: { name, tailnetName } })
    }
    const remedies = [
      doIt('here', 'doctor.remedy.switch-tailnet', { name }),
      readIt('doctor.remedy.look-at-machines', machinesPage),
    ]
    if (config.tailnetName !== null && value.tailnetName !== null) {
      const params = { name, seenIn: config.tailnetName, tailnetName }
      return outcome(
        'failed',
        { key: 'doctor.same-tailnet.seen-elsewhere', params },
        { meaning: { key: 'doctor.meaning.other-tailnet' }, remedies },
      )
    }
    const wanted = /\.(.+\.ts\.net)\.?$/.exec(hostName)?.[1] ?? null
    if (wanted !== null && suffix !== null) {
      return outcome(
        'failed',
        { key: 'doctor.same-tailnet.other', params: { name, wanted, tailnetName } },
        { meaning: { key: 'doctor.meaning.other-tailnet' }, remedies },
      )
    }
    if (config.tailnetNodeId !== null) {
      return outcome(
        'failed',
        { key: 'doctor.same-tailnet.node-missing', params: { name, tailnetName } },
        {
          meaning: { key: 'doctor.meaning.other-tailnet' },
          causes: [
            { key: 'doctor.cause.other-login', params: { tailnetName } },
            { key: 'doctor.cause.node-removed', params: { name } },
            { key: 'doctor.cause.policy-hides', params: { name } },
          ],
          remedies,
        },
      )
    }
    return outcome('unknown', { key: 'doctor.same-tailnet.cannot-tell', params: { name } })
  },
}

/** `tail1a2b3c.ts.net`, or what a headscale calls its base domain. */
function suffixOf({ self }: Tailnet): string | null {
  return /\.(.+)$/.exec(self?.dnsName?.toLowerCase() ?? '')?.[1] ?? null
}
