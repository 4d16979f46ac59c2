import { downloadPage } from '../../tailnet/pages.ts'
import { readIt } from '../remedies.ts'
import { type DoctorStep, outcome } from '../step.ts'

/** Passes where a Tailscale answers to its command on this computer, of whichever variant. */
export const tailscaleInstalled: DoctorStep = {
  id: 'tailscale-installed',
  isTailnet: true,
  async look({ tailnet, config }) {
    const reading = await tailnet
    if (reading.kind === 'value') {
      const { version } = reading.value
      return version === null
        ? outcome('passed', { key: 'doctor.tailscale-installed.there' })
        : outcome('passed', { key: 'doctor.tailscale-installed.passed', params: { version } })
    }
    const { reason, detail } = reading
    if (reason === 'not-installed') {
      return outcome(
        'failed',
        { key: 'doctor.tailscale-installed.missing' },
        {
          meaning: { key: 'doctor.meaning.tailscale-missing', params: { name: config.name } },
          remedies: [readIt('doctor.remedy.install-tailscale', downloadPage)],
        },
      )
    }
    const wasThere = ['timed-out', 'not-permitted', 'unrecognised'].includes(reason)
    return wasThere
      ? outcome('passed', { key: 'doctor.tailscale-installed.there' })
      : outcome('unknown', { key: 'doctor.unknown.tailscale-silent' }, { detail })
  },
}
