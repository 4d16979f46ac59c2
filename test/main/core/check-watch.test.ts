import { describe, expect, it } from 'vitest'
import { createCheckWatch } from '../../../main/core/check-watch.ts'
import { errorInfo } from '../../../main/core/errors.ts'
import { createFleet } from '../../../main/core/fleet.ts'
import { createHostWatch } from '../../../main/core/host-watch.ts'
import { type Argv, type Host, HostError, type HostErrorKind } from '../../../main/hosts/host.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { createScriptedHost } from '../../support/scripted-host.ts'
import { silentLog } from '../../support/silent-log.ts'
import { createMemoryReadings } from '../../support/test-core.ts'

const hourMs = 3_600_000

/** A Mac that is asked for updates, and says that there are none (on stderr, as macOS does). */
function setUp(kept = createMemoryReadings(), clock = new FakeClock(), hostName = 'mac-studio') {
  const scripted = createScriptedHost('studio', clock)
  const world = { failing: null as HostErrorKind | null }
  const identity = { hostName, account: 'ana', groups: ['staff'], userId: 501 }
  const host: Host = {
    ...scripted,
    identify: async () => ({ ...identity, platform: 'darwin' }),
    async run(argv) {
      const output = await scripted.run(argv)
      if (world.failing !== null) throw new HostError(world.failing, errorInfo('unreachable'))
      if (argv[0] !== 'softwareupdate') return output
      return {
        ...{ stdout: 'Software Update Tool\n\n', stderr: 'No new software available.\n' },
        ...{ exitCode: 0, durationMs: 90_000 },
      }
    },
  }
  const fleet = createFleet()
  // only for the state of the Host; nothing of it is started
  createHostWatch({
    ...{ host, name: 'Studio', index: 0, fleet, clock, log: silentLog, runtimes: [], kept },
    intervals: () => ({ openEveryMs: 1_000, closedEveryMs: 15_000 }),
    path: (_host, path) => path,
    isHeld: () => false,
  })
  const watch = createCheckWatch({
    ...{ host, fleet, clock, kept },
    identify: () => host.identify(),
  })
  const asksOf = (isMeant: (argv: Argv) => boolean) => scripted.runs.filter(isMeant).length
  const asks = () => asksOf(([program]) => program === 'softwareupdate')
  const reading = () => fleet.host('studio')?.readings.updates
  const judged = () => fleet.host('studio')?.checks.find(({ id }) => id === 'updates')
  return { watch, asks, asksOf, reading, judged, clock, kept, world, scripted }
}

describe('check watch', () => {
  const { signal } = new AbortController()

  it('asks for updates once a day, however often it looks', async () => {
    const { watch, asks, clock } = setUp()
    for (let hour = 0; hour < 23; hour++) {
      await watch.askDue(signal)
      await clock.advance(hourMs)
    }
    expect(asks()).toBe(1)
    await clock.advance(hourMs)
    await watch.askDue(signal)
    expect(asks()).toBe(2)
  })

  it('shows after a restart what was answered before, with the age that it has', async () => {
    const before = setUp()
    await before.watch.askDue(signal)
    const { at } = before.reading() ?? {}
    await before.clock.advance(5 * hourMs)
    const after = setUp(before.kept, before.clock)
    await after.watch.askDue(signal)
    expect(after.asks()).toBe(0)
    expect(after.reading()).toMatchObject({ kind: 'value', at })
    expect(after.judged()).toMatchObject({ state: 'pass', at })
  })

  it('asks again when the person wants to know', async () => {
    const { watch, asks } = setUp()
    await watch.askDue(signal)
    await watch.run(['updates'], signal)
    expect(asks()).toBe(2)
  })

  it('asks each probe as often as that is worth it, whichever checks need it', async () => {
    const { watch, asksOf, clock } = setUp()
    for (let second = 0; second < 600; second += 2) {
      await watch.askDue(signal)
      await clock.advance(2_000)
    }
    expect(asksOf((argv) => argv.join(' ') === 'tmutil latestbackup')).toBe(2)
    expect(asksOf((argv) => argv.join(' ') === 'pmset -g')).toBe(2)
  })

  it.each(['unreachable', 'cancelled', 'auth', 'host-key', 'timeout'] as const)(
    'keeps an answer over a question that failed (%s), and soon asks again',
    async (failing) => {
      const { watch, asks, reading, judged, clock, kept, world } = setUp()
      await watch.askDue(signal)
      const { at } = reading() ?? {}
      await clock.advance(24 * hourMs)
      world.failing = failing
      await watch.askDue(signal)
      expect(reading()).toMatchObject({ kind: 'value', at })
      expect(judged()).toMatchObject({ state: 'pass', at })
      expect(kept.get('studio ana@mac-studio').updates).toMatchObject({ kind: 'value', at })
      world.failing = null
      const before = asks()
      await clock.advance(20_000)
      await watch.askDue(signal)
      expect(asks()).toBe(before + 1)
      expect(reading()?.at).not.toBe(at)
    },
  )

  it('says why there is no answer yet, and judges again with the first one', async () => {
    const { watch, reading, judged, clock, world } = setUp()
    world.failing = 'unreachable'
    await watch.run(['updates'], signal)
    expect(reading()).toMatchObject({ kind: 'unknown', reason: 'unreachable' })
    expect(judged()).toMatchObject({ state: 'unknown' })
    world.failing = null
    await clock.advance(20_000)
    await watch.askDue(signal)
    expect(judged()).toMatchObject({ state: 'pass' })
  })

  it('knocks seldom where there is no way to the machine', async () => {
    const { watch, clock, world, scripted } = setUp()
    world.failing = 'unreachable'
    for (let second = 0; second < 600; second += 2) {
      await watch.askDue(signal)
      await clock.advance(2_000)
    }
    expect(scripted.runs.length).toBeGreaterThan(2)
    expect(scripted.runs.length).toBeLessThan(12)
  })

  it('believes nothing of one machine that another has said', async () => {
    const before = setUp()
    await before.watch.askDue(signal)
    const after = setUp(before.kept, before.clock, 'another-studio')
    await after.watch.askDue(signal)
    expect(after.asks()).toBe(1)
  })
})
