import { afterEach, describe, expect, it } from 'vitest'
import { createAlertWatch } from '../../../main/alerts/watch.ts'
import { createFleet } from '../../../main/core/fleet.ts'
import { createSettingsStore } from '../../../main/core/settings-store.ts'
import type { Tailnet } from '../../../preload/contract/tailnet.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { link, studioHost, thisMac } from '../../support/fleet-fixtures.ts'
import { createMemoryFile } from '../../support/memory-settings.ts'
import { studioConfig, studioPeer, tailnetReading } from '../../support/tailnet-fixtures.ts'

const stopped: Partial<Tailnet> = { state: 'stopped', self: null, peers: [] }
const closings: (() => void)[] = []

async function setUp(first: Partial<Tailnet> = {}) {
  const clock = new FakeClock()
  const fleet = createFleet()
  const settings = await createSettingsStore(createMemoryFile().backing())
  await settings.update((now) => ({ ...now, hosts: [studioConfig()] }))
  const idle = link({ state: 'idle', path: 'direct', lastAnswerAt: null, roundTripMs: null })
  fleet.addHost(studioHost({ link: idle }), 0)
  fleet.addHost(thisMac({ readings: { tailnet: tailnetReading(first) } }), 1)
  const world = { isLookedAt: false, confirm: async () => {} }
  const notified: string[] = []
  const told: string[][] = []
  fleet.subscribe(({ alerts }) => alerts && told.push(alerts.map(({ id }) => id)))
  const confirms: number[] = []
  const watch = createAlertWatch({
    ...{ fleet, clock, settings, isLookedAt: () => world.isLookedAt },
    desktop: { notify: ({ id }) => void notified.push(id) },
    confirm: () => {
      confirms.push(clock.monotonic())
      return world.confirm()
    },
  })
  closings.push(() => watch.close())
  const say = (fields: Partial<Tailnet> = {}) =>
    fleet.patchHost({ id: 'this-machine', readings: { tailnet: tailnetReading(fields) } })
  const ids = () => fleet.get().alerts.map(({ id }) => id)
  await clock.advance(1_000)
  return { clock, fleet, settings, world, watch, notified, told, confirms, say, ids }
}

describe('alert watch', () => {
  afterEach(() => {
    for (const close of closings.splice(0)) close()
  })

  it('raises an alert once its condition has held, with the time when that began', async () => {
    const { clock, fleet, say, ids, told } = await setUp()
    say(stopped)
    await clock.advance(19_900)
    expect(ids()).toEqual([])
    await clock.advance(1_000)
    expect(fleet.get().alerts).toMatchObject([
      { id: 'tailnet-stopped', since: '2026-11-20T09:00:01.000Z' },
    ])
    expect(fleet.get().alerts[0]).not.toHaveProperty('isQuiet')
    await clock.advance(60_000)
    expect(told).toEqual([['tailnet-stopped']])
  })

  it('forgets what did not hold that long', async () => {
    const { clock, say, told } = await setUp()
    for (let times = 0; times < 5; times++) {
      say(stopped)
      await clock.advance(15_000)
      say()
      await clock.advance(15_000)
    }
    expect(told).toEqual([])
  })

  it('asks anew before it raises, and believes that', async () => {
    const { clock, say, world, told, notified, confirms } = await setUp()
    world.confirm = async () => say()
    say(stopped)
    await clock.advance(60_000)
    expect(confirms).toHaveLength(1)
    expect([told, notified]).toEqual([[], []])
  })

  it('does not raise while it still asks', async () => {
    const { clock, say, world, told } = await setUp()
    const held = Promise.withResolvers<void>()
    world.confirm = () => held.promise
    say(stopped)
    await clock.advance(25_000)
    say(stopped)
    await clock.advance(5_000)
    expect(told).toEqual([])
    held.resolve()
    await clock.advance(0)
    expect(told).toEqual([['tailnet-stopped']])
  })

  it('takes an alert back a short time after its cause, and not for a moment', async () => {
    const { clock, say, ids, told } = await setUp()
    say(stopped)
    await clock.advance(25_000)
    say()
    await clock.advance(3_000)
    say(stopped)
    await clock.advance(30_000)
    expect(ids()).toEqual(['tailnet-stopped'])
    say()
    await clock.advance(4_000)
    expect(ids()).toEqual(['tailnet-stopped'])
    await clock.advance(3_000)
    expect(told).toEqual([['tailnet-stopped'], []])
  })

  it('notifies once, and not again within the hour', async () => {
    const { clock, say, notified } = await setUp()
    const comeAndGo = async () => {
      say(stopped)
      await clock.advance(60_000)
      say()
      await clock.advance(60_000)
    }
    await comeAndGo()
    await comeAndGo()
    expect(notified).toEqual(['tailnet-stopped'])
    await clock.advance(3_600_000)
    await comeAndGo()
    expect(notified).toEqual(['tailnet-stopped', 'tailnet-stopped'])
  })

  it('does not notify of what is seen, nor whom it was told not to', async () => {
    const { clock, say, world, settings, notified, ids } = await setUp()
    world.isLookedAt = true
    say(stopped)
    await clock.advance(30_000)
    world.isLookedAt = false
    await clock.advance(30_000)
    expect(ids()).toEqual(['tailnet-stopped'])
    await settings.update((now) => ({ ...now, isNotified: false }))
    say({ state: 'needs-login', self: null, peers: [] })
    await clock.advance(30_000)
    expect(ids()).toEqual(['tailnet-signed-out'])
    expect(notified).toEqual([])
  })

  it('keeps what it said while Tailscale does not answer', async () => {
    const { clock, fleet, say, told } = await setUp()
    say(stopped)
    await clock.advance(25_000)
    const at = new Date(clock.now()).toISOString()
    const silent = { kind: 'unknown' as const, reason: 'timed-out' as const, detail: '', at }
    fleet.patchHost({ id: 'this-machine', readings: { tailnet: silent } })
    await clock.advance(60_000)
    expect(told).toEqual([['tailnet-stopped']])
  })

  it('remembers that a path was direct, and where the Studio was', async () => {
    const { clock, fleet, say, ids } = await setUp()
    say({ peers: [studioPeer({ path: 'relay' })] })
    await clock.advance(59_000)
    say({ peers: [studioPeer({ path: 'direct' })] })
    await clock.advance(2_000)
    say({ peers: [studioPeer({ path: 'relay' })] })
    await clock.advance(59_000)
    expect(ids()).toEqual([])
    await clock.advance(2_000)
    expect(ids()).toEqual(['host-relayed/studio'])
    say({ tailnetName: 'home.example', loginName: 'ana@home.example', peers: [] })
    await clock.advance(20_000)
    expect(fleet.get().alerts).toMatchObject([
      { id: 'wrong-tailnet/studio', title: { key: 'alert.wrong-tailnet.other.title' } },
    ])
  })

  it('notifies of a Studio that went offline, not of one that was', async () => {
    const offline = { peers: [studioPeer({ isOnline: false })] }
    const went = await setUp()
    went.say(offline)
    await went.clock.advance(70_000)
    expect(went.notified).toEqual(['host-offline/studio'])
    const was = await setUp(offline)
    await was.clock.advance(70_000)
    expect(was.ids()).toEqual(['host-offline/studio'])
    expect(was.notified).toEqual([])
  })

  it('drops the alerts of a Host that was removed', async () => {
    const { clock, settings, say, ids } = await setUp()
    say({ peers: [studioPeer({ isOnline: false })] })
    await clock.advance(70_000)
    await settings.update((now) => ({ ...now, hosts: [] }))
    await clock.advance(1_000)
    expect(ids()).toEqual([])
  })

  it('judges once a second at most, and not because of its own alerts', async () => {
    const { clock, fleet, watch, say } = await setUp()
    const revisions = () => fleet.get().revision
    say(stopped)
    await clock.advance(21_000)
    const before = revisions()
    await clock.advance(600_000)
    expect(revisions()).toBe(before)
    expect(clock.pending).toBe(0)
    // the first news is judged at once, what follows together
    say(stopped)
    await clock.advance(0)
    expect(clock.pending).toBe(0)
    for (let times = 0; times < 10; times++) say(stopped)
    expect(clock.pending).toBe(1)
    watch.close()
    expect(clock.pending).toBe(0)
  })
})
