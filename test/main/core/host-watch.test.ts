import { describe, expect, it } from 'vitest'
import { createFleet } from '../../../main/core/fleet.ts'
import { createHostWatch } from '../../../main/core/host-watch.ts'
import type { Host, HostLink, Identity } from '../../../main/hosts/host.ts'
import { type Runtime, RuntimeError } from '../../../main/runtimes/runtime.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { loaded, model } from '../../support/fleet-fixtures.ts'
import { createScriptedHost } from '../../support/scripted-host.ts'
import { silentLog } from '../../support/silent-log.ts'
import { createMemoryReadings } from '../../support/test-core.ts'

const late = new RuntimeError('timeout', 'no answer within 5000 ms')

/** An Ollama with one model of 3 GiB in memory; `world.isHung` makes it silent. */
function createRuntime(world: { isHung: boolean; asks: number }): Runtime {
  const answer = async <T>(value: T) => {
    if (world.isHung) throw late
    return value
  }
  return {
    ...{ id: 'ollama', name: 'Ollama', ports: [11434], processNames: ['ollama'] },
    detect: () => answer({ port: 11434, version: '1' }),
    models: () => answer([model({ id: 'qwen3' })]),
    loaded: () => {
      world.asks++
      return answer([loaded({ modelId: 'qwen3', sizeBytes: 3 * 2 ** 30 })])
    },
  }
}

interface Given {
  closedEveryMs?: number
  openEveryMs?: number
  isRoomShownInMenuBar?: boolean
  hasRuntime?: boolean
  isHeld?: boolean
}

function setUp(given: Given = {}) {
  const { closedEveryMs = 15_000, openEveryMs = 1_000, isRoomShownInMenuBar = false } = given
  const clock = new FakeClock()
  const fleet = createFleet()
  const host = createScriptedHost('studio', clock)
  const world = { isHung: false, asks: 0 }
  const reconnects: (string | undefined)[] = []
  const listeners = new Set<(link: HostLink) => void>()
  let identity: Partial<Identity> = {}
  const { identify, reconnect } = host
  host.identify = async () => ({ ...(await identify()), ...identity })
  host.reconnect = (reason) => {
    reconnects.push(reason)
    reconnect(reason)
  }
  host.onLink = (listener: Parameters<Host['onLink']>[0]) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const watch = createHostWatch({
    ...{ host, name: 'Studio', index: 0, fleet, clock, log: silentLog },
    runtimes: given.hasRuntime === true ? [createRuntime(world)] : [],
    intervals: () => ({ openEveryMs, closedEveryMs, isRoomShownInMenuBar }),
    path: (_host, path) => path,
    isHeld: () => given.isHeld ?? false,
    kept: createMemoryReadings(),
  })
  const state = () => fleet.host('studio')
  const says = (own: HostLink['state']) => {
    for (const listener of listeners) listener({ ...host.link(), state: own })
  }
  const becomes = (next: Partial<Identity>) => {
    identity = next
  }
  const linkStates = new Set<string>()
  const rooms: (number | null | undefined)[] = []
  fleet.subscribe(({ hosts = [] }) => {
    for (const patch of hosts) {
      if (patch.link !== undefined) linkStates.add(patch.link.state)
      if (patch.memoryBar !== undefined) rooms.push(patch.memoryBar?.roomBytes)
    }
  })
  return {
    clock,
    host,
    watch,
    state,
    world,
    reconnects,
    says,
    becomes,
    linkStates,
    rooms,
    listeners,
  }
}

describe('host watch', () => {
  it('asks nothing of a Host that nobody looks at', async () => {
    const { clock, host, state } = setUp()
    await clock.advance(60_000)
    expect(host.asks).toEqual([])
    expect(state()?.link.state).toBe('idle')
    expect(state()?.readings).toEqual({})
  })

  it('asks every two seconds while the popover shows another Host', async () => {
    const { clock, host, watch, state } = setUp()
    watch.setDemand('open')
    await clock.advance(10_000)
    expect(host.asks.length).toBeGreaterThanOrEqual(5)
    expect(host.asks.length).toBeLessThanOrEqual(6)
    expect(state()?.link.state).toBe('live')
  })

  it('asks every second while it is on display, and knows who answers', async () => {
    const { clock, host, watch, state } = setUp()
    watch.setDemand('focus')
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

  it.each([
    ['background', { closedEveryMs: 15_000 }, 120_000],
    ['background', { closedEveryMs: 300_000 }, 1_500_000],
    ['focus', { openEveryMs: 5_000 }, 60_000],
    ['open', { openEveryMs: 5_000 }, 60_000],
  ] as const)(
    'a Host that answers stays live, asked as seldom as %s %j says',
    async (demand, given, ms) => {
      const { clock, watch, linkStates, reconnects } = setUp(given)
      watch.setDemand(demand)
      await clock.advance(ms)
      expect([...linkStates]).toEqual(['connecting', 'live'])
      expect(reconnects).toEqual([])
    },
  )

  it('reads again who answers, and what they may do, once the connection was lost', async () => {
    const { clock, watch, state, says, becomes } = setUp()
    becomes({ groups: ['ana', 'sudo'] })
    watch.setDemand('focus')
    await clock.advance(2_000)
    becomes({ account: 'bo', groups: ['bo'] })
    await clock.advance(2_000)
    expect(state()).toMatchObject({ account: 'ana', role: 'admin' })
    says('connecting')
    says('connected')
    await clock.advance(2_000)
    expect(state()).toMatchObject({ account: 'bo', role: 'member' })
    expect((await watch.identity()).account).toBe('bo')
  })

  it('tries again after sleep only where somebody wants to know, and leaves a refused login alone', async () => {
    const { clock, host, watch, reconnects } = setUp()
    watch.wake()
    await clock.advance(1_000)
    expect(reconnects).toEqual([])
    expect(host.asks).toEqual([])
    watch.setDemand('open')
    watch.wake()
    expect(reconnects).toEqual(['retry'])
    watch.reconnect()
    expect(reconnects).toEqual(['retry', undefined])
  })

  it('looks after sleep at a connection that a tunnel holds', () => {
    const { watch, reconnects, host } = setUp({ isHeld: true })
    watch.wake()
    expect(reconnects).toEqual(['retry'])
    expect(host.asks).toEqual([])
  })

  it('leaves nothing behind', async () => {
    const { clock, host, watch, state, listeners } = setUp()
    watch.setDemand('focus')
    await clock.advance(5_000)
    await watch.close()
    await clock.advance(20_000)
    expect(state()).toBeUndefined()
    expect(host.openTickers()).toBe(0)
    expect(clock.pending).toBe(0)
    expect(listeners.size).toBe(0)
  })
})

describe('room for models', () => {
  const GiB = 2 ** 30
  // of 16 GiB the models hold 3, and 12 are available
  const room = 12 * GiB

  it('is not told before the models are known, and told with their first answer', async () => {
    const { clock, watch, state, world, rooms } = setUp({ hasRuntime: true })
    world.isHung = true
    watch.setDemand('focus')
    await clock.advance(0)
    expect(state()?.memoryBar).toMatchObject({ totalBytes: 16 * GiB, roomBytes: null })
    await clock.advance(1_000)
    expect(state()?.memoryBar).toMatchObject({
      roomBytes: null,
      roomUnknown: { params: { name: 'Ollama' } },
    })
    world.isHung = false
    await clock.advance(12_000)
    expect(state()?.memoryBar?.roomBytes).toBe(room)
    expect(rooms.filter((one) => one !== null)).not.toContain(16 * GiB)
  })

  it.each([15_000, 60_000, 300_000])(
    'is asked for the menu bar every %d ms together with the models, and never told without them',
    async (closedEveryMs) => {
      const { clock, watch, world, rooms } = setUp({ hasRuntime: true, closedEveryMs })
      watch.setDemand('background')
      await clock.advance(4 * closedEveryMs + 1_000)
      expect(world.asks).toBe(5)
      // nothing before the first list, then never nothing
      const known = rooms.slice(rooms.indexOf(room))
      expect(known).toEqual([room, room, room, room, room])
      expect(rooms.filter((one) => one !== null)).toEqual(known)
      world.isHung = true
      await clock.advance(2 * closedEveryMs + 60_000)
      expect(rooms.at(-1)).toBeNull()
    },
  )

  it('stays known in the menu bar while the page shows another Host', async () => {
    const given = { hasRuntime: true, isRoomShownInMenuBar: true }
    const { clock, watch, world, state } = setUp(given)
    watch.setDemand('open')
    await clock.advance(150_000)
    expect(state()?.memoryBar?.roomBytes).toBe(room)
    expect(world.asks).toBeGreaterThanOrEqual(9)
    expect(world.asks).toBeLessThanOrEqual(11)
  })

  it('is not asked for where no menu bar shows it, and not told then', async () => {
    const { clock, watch, world, state } = setUp({ hasRuntime: true })
    watch.setDemand('focus')
    await clock.advance(5_000)
    expect(state()?.memoryBar?.roomBytes).toBe(room)
    const { asks } = world
    watch.setDemand('open')
    await clock.advance(70_000)
    expect(world.asks).toBe(asks)
    expect(state()?.memoryBar?.roomBytes).toBeNull()
  })

  it('comes back with the click, and not without the models', async () => {
    const { clock, watch, rooms, host } = setUp({ hasRuntime: true })
    watch.setDemand('focus')
    await clock.advance(5_000)
    watch.setDemand('none')
    await clock.advance(3_600_000)
    rooms.length = 0
    host.asks.length = 0
    watch.setDemand('focus')
    await clock.advance(3_000)
    expect(new Set(rooms)).toEqual(new Set([room]))
    expect(rooms.length).toBe(host.asks.length)
  })
})
