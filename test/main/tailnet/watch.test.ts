import { afterEach, describe, expect, it } from 'vitest'
import { createFleet } from '../../../main/core/fleet.ts'
import { createHostWatch } from '../../../main/core/host-watch.ts'
import type { Argv, CommandOutput } from '../../../main/hosts/host.ts'
import { createTailnetWatch, type TailnetWatch } from '../../../main/tailnet/watch.ts'
import type { Tailnet } from '../../../preload/contract/tailnet.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { thisMac } from '../../support/fleet-fixtures.ts'
import { fixture } from '../../support/probe-answers.ts'
import { createScriptedHost } from '../../support/scripted-host.ts'
import { silentLog } from '../../support/silent-log.ts'
import { createMemoryReadings } from '../../support/test-core.ts'

const running = fixture('tailnet', 'macos26-any-no-peers.json')
const stopped = running.replace('"Running"', '"Stopped"')
const open: TailnetWatch[] = []

function setUp(text: string | null = running) {
  const clock = new FakeClock()
  const fleet = createFleet()
  fleet.addHost(thisMac({ readings: {} }), 0)
  const host = createScriptedHost('this-machine', clock)
  const world = { text, held: null as Promise<void> | null }
  const asks: number[] = []
  const isTailscale = (argv: Argv) => argv.some((word) => /tailscale$/i.test(word))
  host.run = async (argv): Promise<CommandOutput> => {
    const output = { stdout: '', stderr: '', exitCode: 127, durationMs: 1, isMissing: true }
    if (!isTailscale(argv)) return output
    // one of several places where it may be
    if (argv[0] === 'tailscale') asks.push(clock.monotonic())
    const said = world.text
    await world.held
    if (said === null || argv[0] !== 'tailscale') return output
    return { stdout: said, stderr: '', exitCode: 0, durationMs: 1 }
  }
  const watch = createTailnetWatch({ local: () => host, fleet, clock, log: silentLog })
  open.push(watch)
  const told: number[] = []
  fleet.subscribe(({ hosts = [] }) => {
    if (hosts.some(({ readings }) => readings?.tailnet)) told.push(clock.monotonic())
  })
  const reading = () => fleet.host('this-machine')?.readings.tailnet
  const state = () => {
    const now = reading()
    return now?.kind === 'value' ? (now.value as Tailnet).state : now?.reason
  }
  return { clock, fleet, host, world, watch, asks, told, reading, state }
}

describe('tailnet watch', () => {
  afterEach(() => {
    for (const watch of open.splice(0)) watch.close()
  })

  it('asks nothing before it is wanted', async () => {
    const { clock, asks } = setUp()
    await clock.advance(600_000)
    expect(asks).toEqual([])
  })

  it('asks every 5 s while somebody looks, every 30 s while nobody does, and not while asleep', async () => {
    const { clock, watch, asks } = setUp()
    watch.setDemand('background')
    await clock.advance(60_000)
    expect(asks).toEqual([0, 30_000, 60_000])
    watch.setDemand('open')
    await clock.advance(20_000)
    expect(asks.slice(3)).toEqual([65_000, 70_000, 75_000, 80_000])
    watch.setDemand('none')
    await clock.advance(600_000)
    expect(asks).toHaveLength(7)
    watch.setDemand('open')
    await clock.advance(0)
    expect(asks.at(-1)).toBe(680_000)
  })

  it('tells what is new at once, and what is the same every 10 s', async () => {
    const { clock, watch, told, world, state } = setUp()
    watch.setDemand('open')
    await clock.advance(30_000)
    expect(told).toEqual([0, 10_000, 20_000, 30_000])
    world.text = stopped
    await clock.advance(5_000)
    expect(told.at(-1)).toBe(35_000)
    expect(state()).toBe('stopped')
  })

  it('asks a machine without Tailscale every 5 minutes, and when it is told to', async () => {
    const { clock, watch, asks, world, state } = setUp(null)
    watch.setDemand('open')
    await clock.advance(600_000)
    expect(asks).toEqual([0, 300_000, 600_000])
    expect(state()).toBe('not-installed')
    world.text = running
    await watch.refresh()
    expect(state()).toBe('running')
    await clock.advance(5_000)
    expect(asks.slice(3)).toEqual([600_000, 605_000])
  })

  it('asks one at a time; a refresh during an ask waits for an answer of after it', async () => {
    const { clock, watch, asks, world, state } = setUp()
    const held = Promise.withResolvers<void>()
    world.held = held.promise
    watch.setDemand('open')
    await clock.advance(0)
    world.text = stopped
    const refreshes = [watch.refresh(), watch.refresh()]
    await clock.advance(60_000)
    expect(asks).toEqual([0])
    held.resolve()
    await Promise.all(refreshes)
    expect(asks).toEqual([0, 60_000])
    expect(state()).toBe('stopped')
  })

  it('never puts an older reading over a newer one', async () => {
    const { clock, fleet, watch, reading } = setUp()
    const newer = {
      kind: 'value' as const,
      value: { state: 'stopped' },
      at: '2026-11-20T10:00:00Z',
    }
    fleet.patchHost({ id: 'this-machine', readings: { tailnet: newer } })
    watch.setDemand('open')
    await clock.advance(20_000)
    expect(reading()).toEqual(newer)
  })

  it('does not reject where there is no such machine', async () => {
    const { clock } = setUp()
    const fleet = createFleet()
    let asks = 0
    const watch = createTailnetWatch({
      local: () => {
        asks++
        throw new Error('not-found')
      },
      ...{ fleet, clock, log: silentLog },
    })
    await watch.refresh()
    watch.setDemand('open')
    await clock.advance(5_000)
    expect(asks).toBe(2)
    expect(fleet.get().hosts).toEqual([])
    watch.close()
    await watch.refresh()
    expect(asks).toBe(2)
    expect(clock.pending).toBe(0)
  })

  it('leaves nothing behind', async () => {
    const { clock, watch, asks } = setUp()
    watch.setDemand('open')
    await clock.advance(7_000)
    watch.close()
    await clock.advance(60_000)
    expect(asks).toEqual([0, 5_000])
    expect(clock.pending).toBe(0)
  })

  it('saves the checks of this machine from asking the same', async () => {
    const { clock, fleet, host, watch, asks } = setUp()
    fleet.removeHost('this-machine')
    const checks = createHostWatch({
      ...{
        host,
        name: 'This Mac',
        index: 0,
        fleet,
        clock,
        log: silentLog,
        runtimes: [],
        kept: createMemoryReadings(),
      },
      intervals: () => ({ openEveryMs: 1_000, closedEveryMs: 15_000 }),
      path: (_host, path) => path,
      isHeld: () => false,
    })
    watch.setDemand('open')
    await clock.advance(0)
    checks.setDemand('focus')
    await clock.advance(120_000)
    const byTheWatch = asks.filter((at) => at % 5_000 === 0)
    expect(asks).toEqual(byTheWatch)
    expect(new Set(asks).size).toBe(asks.length)
    const judged = fleet.host('this-machine')?.checks.find(({ id }) => id === 'tailnet')
    expect(judged?.state).toBe('pass')
    await checks.runChecks(['tailnet'])
    expect(asks.length).toBe(byTheWatch.length + 1)
    await checks.close()
  })
})
