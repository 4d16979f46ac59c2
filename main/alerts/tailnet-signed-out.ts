import { type AlertRule, neededFor, overTailnet, words } from './alert.ts'

const id = 'tailnet-signed-out'

/** Nobody is logged in to Tailscale here, or an administrator has not let this machine in. */
export const tailnetSignedOut: AlertRule = {
  id,
  // a daemon that starts says so for a moment
  appearsAfterMs: 10_000,
  judge: overTailnet(({ state, self }, view) => {
    const studio = neededFor(view)
    if (studio === null) return []
    const { name } = studio.config
    const common = { id, severity: 'fail' as const, hostId: null }
    if (state === 'needs-machine-auth') {
      const remedy = {
        ...{ kind: 'do' as const, where: 'here' as const },
        text: { key: 'alert.remedy.approve' },
      }
      return [{ ...common, ...words(id, 'needs-machine-auth', { name }), action: null, remedy }]
    }
    // an expired key signs out as well, and says more
    if (state !== 'needs-login' || self?.isKeyExpired === true) return []
    const isQuiet = view.jobs.some(
      ({ kind, state: job }) => kind === 'tailnet-log-in' && job === 'running',
    )
    return [
      {
        ...{ ...common, ...words(id, 'needs-login', { name }), isQuiet },
        ...{ action: 'tailnet-log-in', remedy: null },
      },
    ]
  }),
}
