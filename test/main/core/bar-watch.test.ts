import { describe, expect, it } from 'vitest'
import { createBarWatch } from '../../../main/core/bar-watch.ts'
import { createFleet } from '../../../main/core/fleet.ts'
import { runtimes } from '../../../main/runtimes/index.ts'
import type { HostState } from '../../../preload/contract/fleet.ts'
import type { RuntimeState } from '../../../preload/contract/models.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import {
  fixtureNow,
  loaded,
  runtime,
  thisMac,
  unknown,
  value,
} from '../../support/fleet-fixtures.ts'

const GB = 1_000_000_000
const memory = value({ totalBytes: 64 * GB, usedBytes: 30 * GB, compressedBytes: 0 })
const limit = value({ limitBytes: 48 * GB, isDefault: true, source: 'metal' })
const held = (gigabytes: number, agoMs = 800) =>
  value({ items: [{ pid: 1, name: 'llama-server', footprintBytes: gigabytes * GB }] }, agoMs)
const ollama = runtime({ loaded: [loaded({ modelId: 'qwen3', sizeBytes: 20 * GB })] })

function setUp() {
  const clock = new FakeClock(fixtureNow)
  const fleet = createFleet()
  const host = thisMac({ readings: {}, memoryBar: null })
  fleet.addHost(host, 0)
  const watch = createBarWatch({ hostId: host.id, runtimes, fleet, clock })
  const bar = (readings: HostState['readings'], states: readonly RuntimeState[] = [ollama]) => {
    fleet.patchHost({ id: host.id, ...watch.patch(states, readings) })
    return fleet.host(host.id)?.memoryBar
  }
  return { clock, bar }
}

describe('bar watch', () => {
  it('tells room below the limit, and none while the limit is not known', () => {
    const { bar } = setUp()
    expect(bar({ memory, 'gpu-limit': limit })?.roomBytes).toBe(28 * GB)
    expect(bar({ memory })).toMatchObject({ totalBytes: 64 * GB, roomBytes: null })
    expect(bar({ memory })).not.toHaveProperty('roomUnknown')
    expect(bar({ memory, 'gpu-limit': unknown('timed-out') })).toMatchObject({
      roomBytes: null,
      roomUnknown: { key: 'popover.memory.room-unknown.limit' },
    })
    // a machine without such a limit has all that is available
    expect(bar({ memory, 'gpu-limit': unknown('not-supported') })?.roomBytes).toBe(34 * GB)
  })

  it('names who does not tell, where it was asked', () => {
    const { bar } = setUp()
    const readings = { memory, 'gpu-limit': limit }
    const silent = runtime({ state: 'unknown', port: null })
    expect(bar(readings, [silent])).toMatchObject({
      roomBytes: null,
      roomUnknown: { key: 'popover.memory.room-unknown.models', params: { name: 'Ollama' } },
    })
    expect(bar(readings, [{ ...silent, at: null }])).not.toHaveProperty('roomUnknown')
  })

  it('holds measured processes against the limit, unless they were measured long ago', () => {
    const { bar } = setUp()
    const silent = [runtime({ state: 'unknown', port: null })]
    const readings = { memory, 'gpu-limit': limit }
    expect(bar({ ...readings, processes: held(25) }, silent)?.roomBytes).toBe(23 * GB)
    expect(bar({ ...readings, processes: held(25, 70_000) }, silent)?.roomBytes).toBeNull()
  })

  it('calls it a disagreement when it lasts: after an unload the processes are measured later', async () => {
    const { clock, bar } = setUp()
    const readings = { memory, 'gpu-limit': limit, processes: held(31) }
    expect(bar(readings)?.disagreement).toBeNull()
    await clock.advance(10_000)
    expect(bar(readings)?.disagreement).toEqual({
      runtimesBytes: 20 * GB,
      processesBytes: 31 * GB,
    })
    expect(bar({ ...readings, processes: held(20) })?.disagreement).toBeNull()
    expect(bar(readings)?.disagreement).toBeNull()
  })

  it('goes when memory can no longer be read: the bar before it is not of now', () => {
    const { bar } = setUp()
    bar({ memory, 'gpu-limit': limit })
    expect(bar({ memory: unknown('unrecognised'), 'gpu-limit': limit })).toBeNull()
  })
})
