import type { Remedy } from '../../preload/contract/base.ts'
import type { Tailnet } from '../../preload/contract/tailnet.ts'
import { type AlertRule, type AlertView, neededFor, overTailnet, words } from './alert.ts'

const id = 'tailnet-stopped'

/** Tailscale was stopped, or its daemon does not run. */
export const tailnetStopped: AlertRule = {
  id,
  // an update of Tailscale starts its daemon anew
  appearsAfterMs: 20_000,
  judge: overTailnet((tailnet, view) => {
    const studio = neededFor(view)
    if (tailnet.state !== 'stopped' || studio === null) return []
    const { name } = studio.config
    const common = { id, severity: 'fail' as const, hostId: null }
    if (tailnet.isDaemonRunning === false) {
      const remedy = startOf(tailnet, view)
      return [{ ...common, ...words(id, 'not-running', { name }), action: null, remedy }]
    }
    return [
      {
        ...{ ...common, ...words(id, 'stopped', { name }) },
        ...{ action: 'tailnet-up', remedy: null, isQuiet: wasStoppedHere(view) },
      },
    ]
  }),
}

/** By the person, with Studiolo, within the minute for which a Job is kept. */
function wasStoppedHere({ jobs }: AlertView): boolean {
  return jobs.some(({ kind, state }) => kind === 'tailnet-down' && state === 'done')
}

function startOf({ variant }: Tailnet, { platform }: AlertView): Remedy {
  const common = { kind: 'run-command', where: 'here' } as const
  if (platform === 'linux') {
    const text = { key: 'alert.remedy.start-daemon' }
    return { ...common, text, target: 'sudo systemctl start tailscaled' }
  }
  return variant === 'daemon'
    ? {
        ...{ ...common, text: { key: 'alert.remedy.start-daemon' } },
        target: 'sudo brew services start tailscale',
      }
    : { ...common, text: { key: 'alert.remedy.start-app' }, target: 'open -a Tailscale' }
}
