import { describe, expect, it } from 'vitest'
import { createFleet } from '../../../main/core/fleet.ts'
import { createHostWatch } from '../../../main/core/host-watch.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { createScriptedHost } from '../../support/scripted-host.ts'
import { silentLog } from '../../support/silent-log.ts'

function setUp() {
  const clock = new FakeClock()
  const fleet = createFleet()
  const host = createScriptedHost('studio', clock)
  const watch = createHostWatch({
    ...{ host, name: 'Studio', index: 0, fleet, clock, log: silentLog, runtimes: [] },
    intervals: () => ({ openEveryMs: 1_000, closedEveryMs: 15_000 }),
    path: (_host, path) => path,
  })
  const state = () => fleet.host('studio')
  return { clock, host, watch, state }
}

describe('host watch', () => {
  it('asks nothing of a Host that nobody looks at', async () => {
    const { clock, host, state } = setUp()
    await clock.advance(60_000)
    expect(host.asks).toEqual([])
    expect(state()?.link.state).toBe('idle')
    expect(state()?.readings).toEqual({})
  })

  it('asks every second while the popover is open, and knows who answers', async () => {
    const { clock, host, watch, state } = setUp()
    watch.setDemand('open')
    await clock.advance(10_000)
    expect(host.asks.length).toBeGreaterThanOrEqual(10)
    expect(host.asks.length).toBeLessThanOrEqual(11)
    expect(state()).toMatchObject({
      platform: 'linux',
      account: 'ana',
      role: 'member',
      link: { state: 'live' },
    })
    expect(state()?.memoryBar?.totalBytes).toBe(17_179_869_184)
    expect(state()?.samples.length).toBe(host.asks.length)
  })

  it('asks for processes only where this Host is on display', async () => {
    const { clock, host, watch } = setUp()
    const hasProcesses = () => host.asks.some((ask) => ask.some((argv) => argv.startsWith('ps ')))
    watch.setDemand('open')
    await clock.advance(10_000)
    expect(hasProcesses()).toBe(false)
    watch.setDemand('focus')
    await clock.advance(1_000)
    expect(hasProcesses()).toBe(true)
  })

  it('asks every 15 s, and little, for the menu bar alone', async () => {
    const { clock, host, watch, state } = setUp()
    watch.setDemand('background')
    await clock.advance(60_000)
    expect(host.asks.length).toBeGreaterThanOrEqual(4)
    expect(host.asks.length).toBeLessThanOrEqual(5)
    expect(new Set(host.asks.flat())).not.toContain('cat /proc/stat')
    expect(host.runs).toEqual([])
    expect(state()?.memoryBar).not.toBeNull()
  })

  it('ends its shell when nobody looks, and the connection ten minutes later', async () => {
    const { clock, host, watch } = setUp()
    watch.setDemand('open')
    await clock.advance(3_000)
    expect(host.openTickers()).toBe(1)
    watch.setDemand('none')
    await clock.advance(599_000)
    expect(host.openTickers()).toBe(0)
    expect(host.releases).toBe(0)
    await clock.advance(2_000)
    expect(host.releases).toBe(1)
  })

  it('goes stale, then unreachable, keeps the last readings with their age, and comes back', async () => {
    const { clock, host, watch, state } = setUp()
    watch.setDemand('open')
    await clock.advance(5_000)
    const lastAnswerAt = state()?.link.lastAnswerAt
    host.cut()
    await clock.advance(4_000)
    expect(state()?.link).toMatchObject({ state: 'stale' })
    expect(host.reconnects).toBeGreaterThanOrEqual(1)
    await clock.advance(8_000)
    expect(state()?.link).toMatchObject({ state: 'unreachable', lastAnswerAt })
    expect(state()?.readings.memory).toMatchObject({ kind: 'value', at: lastAnswerAt })
    host.heal()
    await clock.advance(2_000)
    expect(state()?.link.state).toBe('live')
    expect(host.openTickers()).toBe(1)
  })

  it('leaves nothing behind', async () => {
    const { clock, host, watch, state } = setUp()
    watch.setDemand('focus')
    await clock.advance(5_000)
    await watch.close()
    await clock.advance(20_000)
    expect(state()).toBeUndefined()
    expect(host.openTickers()).toBe(0)
    expect(clock.pending).toBe(0)
  })
})
