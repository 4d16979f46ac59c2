import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { doctorSteps } from '../../../main/doctor/index.ts'
import { examine } from '../../../main/doctor/run.ts'
import { loadWords } from '../../../main/node/words.ts'
import {
  type DoctorProgress,
  doctorProgressSchema,
  doctorStepIdSchema,
} from '../../../preload/contract/doctor.ts'
import { drive, play, type Scene, sceneNow, setUp } from '../../support/doctor-scene.ts'
import { scenes } from './scenes/index.ts'

const fixturesDir = join(import.meta.dirname, '../../fixtures/doctor')

const nothing: Scene = { hops: [] }

const words = loadWords(join(import.meta.dirname, '../../../resources'))

const stepOf = ({ steps }: DoctorProgress, id: string) => steps.find((step) => step.id === id)
const stateOf = (progress: DoctorProgress, id: string) => stepOf(progress, id)?.state

describe('the list of steps', () => {
  it('is the contract’s, in its order', () => {
    expect(doctorSteps.map(({ id }) => id)).toEqual(doctorStepIdSchema.options)
  })
})

describe.each(Object.entries(scenes))('the doctor: %s', (name, scene) => {
  const { broken, found, at = broken } = scene
  const { causes = [], remedies = [], targets = [], works = [] } = scene

  it('names what is broken, and nothing else', async () => {
    const { last, all, namedMs, endedMs, clock, isClosed } = await play(scene)
    for (const progress of all) doctorProgressSchema.parse(progress)
    expect(last.isDone).toBe(true)
    expect(last.steps.map(({ id }) => id)).toEqual(doctorStepIdSchema.options)
    expect(last.brokenStepId).toBe(broken)
    const step = last.steps.find(({ id }) => id === at)
    expect(step?.found?.key).toBe(found)
    expect(step?.causes.map(({ key }) => key)).toEqual(expect.arrayContaining([...causes]))
    expect(step?.remedies.map(({ text }) => text.key)).toEqual(
      expect.arrayContaining([...remedies]),
    )
    expect(step?.remedies.map(({ target }) => target)).toEqual(expect.arrayContaining([...targets]))

    // nothing green, and nothing tried, behind what is broken
    const brokenAt = last.steps.findIndex(({ id }) => id === broken)
    const behind = broken === null ? [] : last.steps.slice(brokenAt + 1)
    for (const { id, state } of behind) {
      expect([id, state]).toEqual([id, works.includes(id) ? 'passed' : 'skipped'])
    }
    expect(last.steps.filter(({ state }) => state === 'failed').length).toBe(
      broken === null ? 0 : 1,
    )

    // within the time that a person waits
    if (broken !== null) expect(namedMs).toBeLessThan(scene.namedWithinMs ?? 10_000)
    expect(endedMs).toBeLessThan(60_000)
    expect(isClosed).toBe(true)
    expect(clock.pending).toBe(0)
    keep(name, last)
  })
})

describe('the doctor', () => {
  it('takes little longer than the connection and the ping on a healthy host', async () => {
    const { endedMs } = await play({ ...(scenes.healthy ?? nothing) })
    // the hops of the scene sum up to 164 ms, then one command; the ping, 19 ms, goes beside them
    expect(endedMs).toBeLessThanOrEqual(1.5 * 164 + 19)
  })

  it('says the steps one by one, in order, each once running', async () => {
    const { all } = await play(scenes.healthy ?? nothing)
    const running = all.map(({ steps }) => steps.filter(({ state }) => state === 'running'))
    expect(running.slice(0, -1).map((steps) => steps.map(({ id }) => id))).toEqual(
      doctorStepIdSchema.options.map((id) => [id]),
    )
    expect(running.at(-1)).toEqual([])
  })

  it('says by which name a renamed machine goes now, where it is reached at its address', async () => {
    const { last } = await play(scenes.renamed ?? nothing)
    const { found } = last.steps.find(({ id }) => id === 'tcp') ?? {}
    const [before, now] = ['mac-studio.tail1a2b3c.ts.net', 'atelier.tail1a2b3c.ts.net']
    expect(found).toMatchObject({ key: 'doctor.tcp.renamed', params: { before, now } })
    const known = last.steps.find(({ id }) => id === 'peer-known')
    expect(known?.found?.params).toMatchObject({ before, now })
  })

  it('says of a peer that is "online" no more than that Tailscale claims it, and how old that is', async () => {
    const { last } = await play(scenes['ping-fails'] ?? nothing)
    const known = last.steps.find(({ id }) => id === 'peer-known')
    expect(known?.state).toBe('passed')
    expect(known?.found).toEqual({
      key: 'doctor.peer-known.online',
      params: { name: 'mac-studio', claimedAt: '2026-11-20T09:00:00.034Z' },
    })
  })

  it('leaves Tailscale out of it where the way leads past it', async () => {
    const { last } = await play(scenes['password-only'] ?? nothing)
    for (const id of ['tailscale-installed', 'tailscale-running', 'tailnet-ping']) {
      expect([id, stateOf(last, id)]).toEqual([id, 'off'])
    }
    expect(last.steps[0]?.found?.key).toBe('doctor.skipped.not-tailnet')
  })

  it('does not send anybody to mend Tailscale when the host was reached without it', async () => {
    const { last } = await play(scenes['works-without-tailscale'] ?? nothing)
    expect(stateOf(last, 'tailscale-running')).toBe('attention')
    expect(stateOf(last, 'first-command')).toBe('passed')
  })

  it('takes a refusal for an answer of the peer although the ping was lost', async () => {
    const { local } = scenes['ping-fails'] ?? {}
    const { last } = await play({ ...(scenes.refused ?? nothing), ...(local && { local }) })
    expect(last.brokenStepId).toBe('tcp')
    expect(stateOf(last, 'tailnet-ping')).toBe('attention')
  })

  it('does not take a refusal at a stranger’s door for the host while Tailscale is off', async () => {
    const { local } = scenes.stopped ?? {}
    const { last } = await play({ ...(scenes.refused ?? nothing), ...(local && { local }) })
    expect(last.brokenStepId).toBe('tailscale-running')
    expect(stateOf(last, 'tcp')).toBe('skipped')
  })

  it('believes the interfaces where Tailscale has not noticed yet that the network is gone', async () => {
    const { addresses = [] } = scenes['no-network'] ?? nothing
    const { last } = await play({ ...(scenes['ping-fails'] ?? nothing), addresses })
    expect(last.brokenStepId).toBe('tailscale-running')
    const step = stepOf(last, 'tailscale-running')
    expect(step?.found?.key).toBe('doctor.tailscale-running.no-network')
    const { last: answered } = await play({ ...(scenes.healthy ?? nothing), addresses })
    expect(stateOf(answered, 'tailscale-running')).toBe('passed')
  })

  it('looks here first where Tailscale does not reach its server, and repeats no claim of old', async () => {
    const { last } = await play(scenes['cut-off'] ?? nothing)
    const running = stepOf(last, 'tailscale-running')
    expect([running?.state, running?.found?.key]).toEqual([
      'attention',
      'doctor.tailscale-running.no-server',
    ])
    expect(running?.detail).toContain('a network map')
    expect(running?.remedies[0]?.text.key).toBe('doctor.remedy.check-network-here')
    expect(stepOf(last, 'peer-known')?.found?.key).toBe('doctor.peer-known.stale')
    const ping = stepOf(last, 'tailnet-ping')
    expect(ping?.causes[0]?.key).toBe('doctor.cause.no-internet-here')
    expect(ping?.remedies[0]?.text.key).toBe('doctor.remedy.check-network-here')
    expect(ping?.meaning?.key).toBe('doctor.meaning.cut-off')
  })

  it('looks here last where nothing speaks for it', async () => {
    const { last } = await play(scenes['ping-fails'] ?? nothing)
    const { causes, remedies } = stepOf(last, 'tailnet-ping') ?? { causes: [], remedies: [] }
    expect(causes.at(-1)?.key).toBe('doctor.cause.no-internet-here')
    expect(remedies.map(({ text }) => text.key)).not.toContain('doctor.remedy.check-network-here')
  })

  it('sends nobody to mend the network when the ping is answered without the server', async () => {
    const { last } = await play(scenes['cut-off-but-answers'] ?? nothing)
    const running = stepOf(last, 'tailscale-running')
    expect([running?.state, running?.remedies]).toEqual(['attention', []])
    expect(running?.meaning?.key).toBe('doctor.meaning.no-server-but-answers')
    expect(stateOf(last, 'tailnet-ping')).toBe('passed')
  })

  it('says when it was told that a host goes to sleep, also after a restart of the app', async () => {
    const { last } = await play(scenes['asleep-after-restart'] ?? nothing)
    const { meaning } = stepOf(last, 'tailnet-ping') ?? {}
    expect(meaning && words(meaning, 'en', Date.parse(sceneNow))).toBe(
      'Mac Studio was set to sleep after 10 min without use when it was last asked (2 days ago). It is probably asleep.',
    )
  })

  it('goes by what a host said in this run of the app rather than by what was written', async () => {
    const { state } = scenes.asleep ?? nothing
    const { last } = await play({ ...(scenes['asleep-after-restart'] ?? nothing), ...{ state } })
    const { meaning } = stepOf(last, 'tailnet-ping') ?? {}
    expect(meaning?.params).toMatchObject({ readAt: '2026-11-20T07:00:00Z' })
  })

  it('does not offer to wake a host that never sleeps', async () => {
    const asleep = scenes.asleep ?? nothing
    const readings = {
      power: { kind: 'value', value: { sleepMinutes: 0 }, at: '2026-11-20T07:00:00Z' },
    }
    const state = { ...asleep.state, readings } as typeof asleep.state
    const { last } = await play({ ...asleep, state })
    const ping = last.steps.find(({ id }) => id === 'tailnet-ping')
    expect(ping?.causes.map(({ key }) => key)).not.toContain('doctor.cause.asleep')
    expect(ping?.causes.map(({ key }) => key)).not.toContain('doctor.cause.maybe-asleep')
    expect(ping?.remedies.map(({ text }) => text.key)).not.toContain('doctor.remedy.wake')
    expect(ping?.meaning).toEqual({
      key: 'doctor.meaning.never-sleeps',
      params: { name: 'Mac Studio', readAt: '2026-11-20T07:00:00Z' },
    })
  })

  it('sends no secret and leaves no trace when it asks in the local network', async () => {
    const { ran } = await play(scenes['filevault-wait'] ?? nothing)
    const asked = ran.filter((line) => line.startsWith('ssh '))
    expect(asked).toHaveLength(1)
    for (const part of [
      'BatchMode=yes',
      'PreferredAuthentications=none',
      'UserKnownHostsFile=/dev/null',
    ]) {
      expect(asked[0]).toContain(part)
    }
  })

  it('asks the login shell for its agent only when no key was accepted', async () => {
    const { ran } = await play(scenes.healthy ?? nothing)
    expect(ran.filter((line) => line.startsWith('zsh') || line.startsWith('env'))).toEqual([])
  })

  it('ends with unknown steps after a minute, whatever hangs', async () => {
    const { instruments, clock } = setUp(scenes.healthy ?? nothing)
    const forever = {
      ...instruments,
      runtimes: [{ ...instruments.runtimes[0], detect: () => new Promise(() => {}) }],
    }
    const generator = examine(forever as typeof instruments)
    let last: DoctorProgress | undefined
    for (;;) {
      const got = await drive(clock, generator.next())
      if (got.done === true) break
      last = got.value
    }
    expect(clock.monotonic()).toBeLessThan(60_000)
    expect(last && stateOf(last, 'model-port')).toBe('unknown')
  })

  it('ends at once when it is cancelled, and closes its connection', async () => {
    const { instruments, clock, host } = setUp(scenes.timeout ?? nothing)
    const cancel = new AbortController()
    const generator = examine(instruments, cancel.signal)
    await drive(clock, generator.next())
    await drive(clock, generator.next())
    const pending = generator.next()
    cancel.abort()
    let got = await drive(clock, pending)
    while (got.done !== true) got = await drive(clock, generator.next())
    expect(clock.monotonic()).toBeLessThan(1_000)
    expect(host.isClosed).toBe(true)
    expect(clock.pending).toBe(0)
  })

  it('closes its connection when nobody listens any more', async () => {
    const { instruments, clock, host } = setUp(scenes.timeout ?? nothing)
    const generator = examine(instruments)
    await drive(clock, generator.next())
    await drive(clock, generator.return())
    expect(host.isClosed).toBe(true)
    expect(clock.pending).toBe(0)
  })
})

/**
 * What each outcome looks like, for pictures of it: written with `UPDATE_DOCTOR=1`, else compared, so that the pictures stay true.
 */
function keep(name: string, progress: DoctorProgress) {
  const path = join(fixturesDir, `${name}.json`)
  const text = `${JSON.stringify(progress, null, 2)}\n`
  if (process.env.UPDATE_DOCTOR === '1') writeFileSync(path, text)
  expect(existsSync(path) && readFileSync(path, 'utf8')).toBe(text)
}
