import { describe, expect, it } from 'vitest'
import type { FleetEvent, FleetState } from '../../../preload/contract/fleet.ts'
import { followFleet } from '../../../renderer/state/follow-fleet.ts'
import { fleets } from '../../support/fleet-fixtures.ts'

const live = fleets.live
const studio = live.hosts[0]
if (studio === undefined) throw new Error('the fixture has no host')

function snapshot(revision: number): FleetEvent {
  return { kind: 'snapshot', state: { ...live, revision } }
}

/** A stream that the test feeds, as the core would: it ends with its signal. */
function makeStream(signal: AbortSignal) {
  const waiting: ((result: IteratorResult<FleetEvent>) => void)[] = []
  const queue: FleetEvent[] = []
  let end: Error | 'done' | null = null
  function settle() {
    while (waiting.length > 0 && queue.length > 0) {
      waiting.shift()?.({ done: false, value: queue.shift() as FleetEvent })
    }
    if (end !== null) for (const resolve of waiting.splice(0)) resolve({ done: true, value: null })
  }
  const stream = {
    send(event: FleetEvent) {
      queue.push(event)
      settle()
    },
    finish() {
      end = 'done'
      settle()
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const next = await new Promise<IteratorResult<FleetEvent>>((resolve) => {
          waiting.push(resolve)
          settle()
        })
        if (next.done) return
        yield next.value
      }
    },
  }
  signal.addEventListener('abort', () => stream.finish())
  return stream
}

function setUp() {
  const opened: {
    focus: string | null
    signal: AbortSignal
    stream: ReturnType<typeof makeStream>
  }[] = []
  const states: FleetState[] = []
  const pauses: (() => void)[] = []
  let failWith: Error | null = null
  const following = followFleet({
    async watch(focus, signal) {
      if (failWith !== null) {
        const error = failWith
        failWith = null
        throw error
      }
      const stream = makeStream(signal)
      opened.push({ focus, signal, stream })
      return stream
    },
    onState: (state) => states.push(state),
    pause: (signal) =>
      new Promise((resolve) => {
        pauses.push(resolve)
        signal.addEventListener('abort', () => resolve())
      }),
  })
  const fail = (error: Error) => {
    failWith = error
  }
  return { following, opened, states, pauses, fail }
}

/** Lets everything that waits for nothing but its turn run. */
async function settled() {
  await new Promise((resolve) => setTimeout(resolve))
}

describe('followFleet', () => {
  it('shows the snapshot, then each change on top of it', async () => {
    const { following, opened, states } = setUp()
    following.follow(true, studio.id)
    await settled()
    opened[0]?.stream.send(snapshot(7))
    opened[0]?.stream.send({
      kind: 'change',
      revision: 8,
      hosts: [{ id: studio.id, name: 'Renamed' }],
    })
    await settled()
    expect(states.map(({ revision }) => revision)).toEqual([7, 8])
    expect(states[1]?.hosts[0]?.name).toBe('Renamed')
    expect(states[1]?.hosts[1]).toBe(states[0]?.hosts[1])
  })

  it('asks for a snapshot at once after a gap, and shows nothing made from the gap', async () => {
    const { following, opened, states, pauses } = setUp()
    following.follow(true, null)
    await settled()
    opened[0]?.stream.send(snapshot(7))
    opened[0]?.stream.send({ kind: 'change', revision: 9, jobs: [] })
    await settled()
    expect(opened).toHaveLength(2)
    expect(pauses).toEqual([])
    expect(states.map(({ revision }) => revision)).toEqual([7])
    opened[1]?.stream.send(snapshot(9))
    await settled()
    expect(states.at(-1)?.revision).toBe(9)
  })

  it('ignores a change that comes before any snapshot', async () => {
    const { following, opened, states } = setUp()
    following.follow(true, null)
    await settled()
    opened[0]?.stream.send({ kind: 'change', revision: 1, jobs: [] })
    await settled()
    expect(states).toEqual([])
    expect(opened).toHaveLength(2)
  })

  it('closes the stream while the page is hidden, and asks anew when it is seen again', async () => {
    const { following, opened } = setUp()
    following.follow(true, 'a')
    await settled()
    following.follow(false, 'a')
    await settled()
    expect(opened.map(({ signal }) => signal.aborted)).toEqual([true])
    following.follow(false, 'b')
    await settled()
    expect(opened).toHaveLength(1)
    following.follow(true, 'b')
    await settled()
    expect(opened.map(({ focus, signal }) => [focus, signal.aborted])).toEqual([
      ['a', true],
      ['b', false],
    ])
  })

  it('keeps its stream while nothing changes, and opens another for another focus', async () => {
    const { following, opened } = setUp()
    following.follow(true, 'a')
    following.follow(true, 'a')
    await settled()
    expect(opened).toHaveLength(1)
    following.follow(true, 'b')
    await settled()
    expect(opened.map(({ focus, signal }) => [focus, signal.aborted])).toEqual([
      ['a', true],
      ['b', false],
    ])
  })

  it.each(['ends', 'fails'])(
    'waits a while before it asks again when the stream %s',
    async (how) => {
      const { following, opened, pauses, fail } = setUp()
      if (how === 'fails') fail(new Error('lost'))
      following.follow(true, null)
      await settled()
      if (how === 'ends') opened[0]?.stream.finish()
      await settled()
      expect(pauses).toHaveLength(1)
      const before = opened.length
      pauses[0]?.()
      await settled()
      expect(opened).toHaveLength(before + 1)
    },
  )

  it('shows nothing more from a stream that it has left', async () => {
    const { following, opened, states } = setUp()
    following.follow(true, 'a')
    await settled()
    const left = opened[0]?.stream
    left?.send(snapshot(7))
    await settled()
    left?.send({ kind: 'change', revision: 8, jobs: [] })
    following.follow(false, null)
    await settled()
    expect(states.map(({ revision }) => revision)).toEqual([7])
  })
})
