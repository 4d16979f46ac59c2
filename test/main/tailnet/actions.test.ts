import { afterEach, beforeEach, describe, expect, test } from 'vitest'
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

const { say, writeTailscale, read, has } = {
  say: (...args: Parameters<ScriptedTailscale['say']>) => tailscale.say(...args),
  writeTailscale: (subcommands: Record<string, string>) => tailscale.writeTailscale(subcommands),
  read: (name: string) => tailscale.read(name),
  has: (name: string) => tailscale.has(name),
}
const state = () => read('state').trim()
const setUp = () => tailnetJobs(tailscale.host)

const denied = `printf "Access denied: checkprefs access denied\\n\\nUse 'sudo tailscale up'.\\n" >&2; exit 1`

describe('starting', () => {
  test('is done when Tailscale says so', async () => {
    say('state', 'Stopped')
    writeTailscale({ up: 'echo Running >state' })
    const { actions, outcome, refreshes } = setUp()
    const { jobId } = actions.up()
    expect(actions.up()).toEqual({ jobId })
    expect(await outcome(jobId)).toMatchObject({ state: 'done', kind: 'tailnet-up' })
    expect(refreshes()).toBe(1)
  })

  test('is not done because the command ended well', async () => {
    say('state', 'Stopped')
    writeTailscale({ up: 'exit 0' })
    const { actions, outcome } = setUp()
    expect(await outcome(actions.up().jobId)).toMatchObject({
      state: 'failed',
      error: { code: 'timeout', detail: 'Tailscale says: stopped' },
    })
  })

  test('without the right to it says which command gives it', async () => {
    say('state', 'Stopped')
    writeTailscale({ up: denied })
    const { actions, outcome } = setUp()
    expect(await outcome(actions.up().jobId)).toMatchObject({
      state: 'failed',
      error: {
        code: 'not-permitted',
        remedy: { kind: 'run-command', target: 'sudo tailscale set --operator=$USER' },
      },
    })
  })

  test('signed out, it says that, and asks for no login on its own', async () => {
    say('state', 'NeedsLogin')
    writeTailscale({ up: 'touch asked' })
    const { actions, outcome } = setUp()
    expect(await outcome(actions.up().jobId)).toMatchObject({
      error: { code: 'auth', message: { key: 'error.tailnet-needs-login' } },
    })
    expect(has('asked')).toBe(false)
  })

  test('without Tailscale it is not installed', async () => {
    const { actions, outcome } = setUp()
    expect(await outcome(actions.up().jobId)).toMatchObject({ error: { code: 'not-installed' } })
  })

  test('cancelled, it ends the command and stops what had started', async () => {
    say('state', 'Stopped')
    writeTailscale({
      up: 'echo $$ >pid; echo Starting >state; exec sleep 600',
      down: 'echo Stopped >state',
    })
    const { actions, job, jobs, outcome } = setUp()
    const { jobId } = actions.up()
    await until(() => state() === 'Starting')
    const pid = await until(() => Number(read('pid')))
    jobs.cancel('this-machine', jobId)
    expect(job(jobId)?.state).toBe('cancelling')
    expect(await outcome(jobId)).toMatchObject({ state: 'cancelled' })
    expect(state()).toBe('Stopped')
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })
})

test('stopping is done when Tailscale says so', async () => {
  say('state', 'Running')
  writeTailscale({ down: 'echo Stopped >state' })
  const { actions, outcome } = setUp()
  expect(await outcome(actions.down().jobId)).toMatchObject({ state: 'done' })
})

describe('logging in', () => {
  const page = 'https://login.tailscale.com/a/0123456789ab'

  test('opens the page that Tailscale names, says it, and ends when Tailscale runs', async () => {
    say('state', 'NeedsLogin')
    writeTailscale({
      up: `echo "$*" >asked; printf ${page} >url; echo $$ >pid; exec sleep 600`,
    })
    const { actions, clock, desktop, job, outcome } = setUp()
    const { jobId } = actions.logIn()
    await until(async () => {
      await clock.advance(200)
      return desktop.asked.length > 0
    })
    expect(desktop.asked).toEqual([`openUrl ${page}`])
    expect(job(jobId)).toMatchObject({ state: 'running', lines: [page] })
    say('state', 'Running')
    expect(await outcome(jobId)).toMatchObject({ state: 'done' })
    expect(read('asked')).toBe('up\n')
    const pid = Number(read('pid'))
    await until(() => !isAlive(pid))
  })

  test('says an address that is no https page, and does not open it', async () => {
    say('state', 'NeedsLogin')
    writeTailscale({ up: 'printf file:///etc/passwd >url; exec sleep 600' })
    const { actions, clock, desktop, job, jobs, outcome } = setUp()
    const { jobId } = actions.logIn()
    await until(async () => {
      await clock.advance(200)
      return job(jobId)?.lines.length
    })
    expect(job(jobId)?.lines).toEqual(['file:///etc/passwd'])
    jobs.cancel('this-machine', jobId)
    expect(await outcome(jobId)).toMatchObject({ state: 'cancelled' })
    expect(desktop.asked).toEqual([])
  })

  test('says the settings again that `up` wants to hear', async () => {
    say('state', 'NeedsLogin')
    const complaint = `Error: changing settings via 'tailscale up' requires mentioning all\\nnon-default flags:\\n\\n\\ttailscale up --login-server=https://hs.example\\n`
    writeTailscale({
      up: `[ "$2" = --login-server=https://hs.example ] || { printf "${complaint}" >&2; exit 1; }; echo Running >state`,
    })
    const { actions, outcome } = setUp()
    expect(await outcome(actions.logIn().jobId)).toMatchObject({ state: 'done' })
  })

  test('without the right to it fails with the command, or uses a page that waits already', async () => {
    say('state', 'NeedsLogin')
    writeTailscale({ up: denied })
    const first = setUp()
    expect(await first.outcome(first.actions.logIn().jobId)).toMatchObject({
      error: { code: 'not-permitted', message: { key: 'error.tailnet-not-permitted' } },
    })
    say('url', page)
    const { actions, clock, desktop, outcome } = setUp()
    const { jobId } = actions.logIn()
    await until(async () => {
      await clock.advance(200)
      return desktop.asked.length > 0
    })
    say('state', 'Running')
    expect(await outcome(jobId)).toMatchObject({ state: 'done', lines: [page] })
  })

  test('that an administrator has to approve ends with that', async () => {
    say('state', 'NeedsLogin')
    writeTailscale({ up: 'echo NeedsMachineAuth >state; exec sleep 600' })
    const { actions, outcome } = setUp()
    expect(await outcome(actions.logIn().jobId)).toMatchObject({
      error: { message: { key: 'error.tailnet-needs-approval' }, remedy: { kind: 'read' } },
    })
  })

  test('that nobody finishes ends after ten minutes', async () => {
    say('state', 'NeedsLogin')
    writeTailscale({ up: 'touch asked; exec sleep 600' })
    const { actions, clock, job } = setUp()
    const { jobId } = actions.logIn()
    await until(() => has('asked'))
    await clock.advance(590_000)
    expect(job(jobId)?.state).toBe('running')
    await until(async () => {
      await clock.advance(5_000)
      return job(jobId)?.endedAt !== null
    })
    expect(job(jobId)).toMatchObject({
      error: { code: 'timeout', detail: 'Tailscale says: needs-login' },
    })
  })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
