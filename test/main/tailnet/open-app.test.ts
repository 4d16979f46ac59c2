import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Host } from '../../../main/hosts/host.ts'
import {
  type ScriptedTailscale,
  scriptTailscale,
  tailnetJobs,
} from '../../support/scripted-tailscale.ts'
import { until } from '../../support/until.ts'

let tailscale: ScriptedTailscale
beforeEach(() => {
  tailscale = scriptTailscale()
})
afterEach(() => tailscale.close())

describe('connecting while no daemon runs', () => {
  /** As on a Mac with the app: programs are still those of the test. */
  function onMac(): Host {
    const { host } = tailscale
    return {
      ...host,
      identify: async (options) => ({ ...(await host.identify(options)), platform: 'darwin' }),
    }
  }

  test('opens the app, and then connects', async () => {
    tailscale.say('state', 'down')
    tailscale.writeTailscale({ up: 'echo Running >state' })
    tailscale.writeProgram('open', 'echo "$*" >opened; echo Stopped >state')
    const { actions, outcome } = tailnetJobs(onMac())
    expect(await outcome(actions.up().jobId)).toMatchObject({ state: 'done' })
    expect(tailscale.read('opened')).toBe('-g -a Tailscale\n')
    expect(tailscale.read('state').trim()).toBe('Running')
  })

  test('says that it does not run where there is no app to open', async () => {
    tailscale.say('state', 'down')
    tailscale.writeTailscale({ up: 'echo Running >state' })
    tailscale.writeProgram('open', 'echo "Unable to find application named Tailscale" >&2; exit 1')
    const { actions, outcome } = tailnetJobs(onMac())
    expect(await outcome(actions.up().jobId)).toMatchObject({
      error: { code: 'not-running', detail: expect.stringContaining('Unable to find') },
    })
    expect(tailscale.read('state')).toBe('down')
  })

  test('opens no app where the daemon is all there is', async () => {
    tailscale.say('state', 'down')
    tailscale.writeTailscale({ up: 'exit 1' })
    tailscale.writeProgram('open', 'touch opened')
    const { actions, outcome } = tailnetJobs(tailscale.host)
    expect(await outcome(actions.up().jobId)).toMatchObject({ state: 'failed' })
    expect(tailscale.has('opened')).toBe(false)
  })
})

describe('logging in while Tailscale runs', () => {
  const page = 'https://login.tailscale.com/a/0123456789ab'
  const self = (fields: object) =>
    JSON.stringify({ ID: 'nSELFCNTRL', DNSName: 'macbook.tail1a2b3c.ts.net.', ...fields })

  test('renews a key that has expired, although the node goes on', async () => {
    tailscale.say('state', 'Running')
    tailscale.say('self', self({ Expired: true }))
    tailscale.writeTailscale({ up: `echo "$*" >asked; printf ${page} >url; exec sleep 600` })
    const { actions, clock, desktop, job, outcome } = tailnetJobs(tailscale.host)
    const { jobId } = actions.logIn()
    await until(async () => {
      await clock.advance(200)
      return desktop.asked.length > 0
    })
    expect(tailscale.read('asked')).toBe('up --force-reauth\n')
    await clock.advance(5_000)
    expect(job(jobId)?.state).toBe('running')
    tailscale.say('self', self({}))
    expect(await outcome(jobId)).toMatchObject({ state: 'done', lines: [page] })
  })

  test('does nothing to a node whose key is good', async () => {
    tailscale.say('state', 'Running')
    tailscale.say('self', self({}))
    tailscale.writeTailscale({ up: 'touch asked' })
    const { actions, outcome } = tailnetJobs(tailscale.host)
    expect(await outcome(actions.logIn().jobId)).toMatchObject({ state: 'done' })
    expect(tailscale.has('asked')).toBe(false)
  })
})
