import { doIt } from '../remedies.ts'
import { type DoctorStep, outcome } from '../step.ts'
import { unforeseen } from '../unforeseen.ts'

/** Passes where a command ends over there, and says how long that took. */
export const firstCommand: DoctorStep = {
  id: 'first-command',
  async look({ attempt, config }) {
    const hop = await attempt.hop('first-answer')
    const { name } = config
    if (hop.kind === 'done') {
      const { detail, durationMs } = hop.step
      return detail === null
        ? outcome('passed', { key: 'doctor.first-command.there' }, { durationMs })
        : outcome(
            'passed',
            { key: 'doctor.first-command.passed', params: { who: detail } },
            { durationMs },
          )
    }
    const { error } = hop.stop
    const detail = error.detail ?? null
    const isShut = error.code === 'closed-by-host' || error.code === 'not-permitted'
    switch (error.code) {
      case 'timeout':
      case 'closed-by-host':
      case 'unrecognised':
      case 'not-permitted':
        return outcome(
          'failed',
          { key: `doctor.first-command.${error.code}`, params: { name } },
          {
            causes: [
              ...(isShut
                ? [{ key: 'doctor.cause.account-not-allowed-after', params: { name } }]
                : []),
              { key: 'doctor.cause.start-files', params: { name } },
              { key: 'doctor.cause.disk-full', params: { name } },
            ],
            remedies: [
              ...(isShut ? [doIt('on-host', 'doctor.remedy.login-shell')] : []),
              doIt('on-host', 'doctor.remedy.start-files', { name }),
            ],
            detail,
          },
        )
      default:
        return unforeseen(error)
    }
  },
}
