import { describe, expect, it } from 'vitest'
import { errorInfo } from '../../../main/core/errors.ts'
import { createRuntimeWatch } from '../../../main/core/runtime-watch.ts'
import { HostError } from '../../../main/hosts/host.ts'
import { type Runtime, RuntimeError } from '../../../main/runtimes/runtime.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { loaded, model } from '../../support/fleet-fixtures.ts'
import { createScriptedHost } from '../../support/scripted-host.ts'

const late = new RuntimeError('timeout', 'no answer within 5000 ms')

/** A server whose answers a test withholds; `asks` says what it was asked. */
function setUp() {
  const clock = new FakeClock()
  const world = { detect: null, loaded: null, models: null } as Record<string, Error | null>
  const asks = { detect: 0, loaded: 0, models: 0 }
  const answer = async <T>(what: 'detect' | 'loaded' | 'models', value: T) => {
    asks[what]++
    const error = world[what] ?? null
    if (error !== null) throw error
    return value
  }
  const runtime: Runtime = {
    ...{ id: 'ollama', name: 'Ollama', ports: [11434], processNames: ['ollama'] },
    detect: () => answer('detect', { port: 11434, version: '1' }),
    models: () => answer('models', [model({ id: 'qwen3' })]),
    loaded: () => answer('loaded', [loaded({ modelId: 'qwen3' })]),
  }
  const host = createScriptedHost('studio', clock)
  const watch = createRuntimeWatch({ host, runtimes: [runtime], clock, onChange() {} })
  const { signal } = new AbortController()
  const poll = async (forMs: number, isLean = false) => {
    for (let ms = 0; ms < forMs; ms += 2_000) {
      await watch.poll(signal, isLean)
      await clock.advance(2_000)
    }
  }
  const hang = () => Object.assign(world, { detect: late, loaded: late, models: late })
  return { clock, world, asks, watch, poll, hang, state: () => watch.states()[0] }
}

describe('runtime watch', () => {
  it('keeps what a late server said for a minute, with its age, and then says that it is not known', async () => {
    const { poll, hang, state } = setUp()
    await poll(10_000)
    const { at } = state() ?? {}
    expect(at).toBe('2026-11-20T09:00:08.000Z')
    hang()
    await poll(50_000)
    expect(state()).toMatchObject({ state: 'running', at, loaded: [{ modelId: 'qwen3' }] })
    await poll(12_000)
    expect(state()).toMatchObject({ state: 'unknown', port: null, models: [], loaded: [] })
    expect(state()?.detail).toContain('no answer within 5000 ms')
  })

  it('comes back with the first answer', async () => {
    const { world, poll, hang, state } = setUp()
    await poll(2_000)
    hang()
    await poll(80_000)
    Object.assign(world, { detect: null, loaded: null, models: null })
    await poll(12_000)
    expect(state()).toMatchObject({
      ...{ state: 'running', detail: null, models: [{ id: 'qwen3' }] },
      loaded: [{ modelId: 'qwen3' }],
    })
  })

  it('waits for a server that loads as long as that says it is there; what is loaded gets older', async () => {
    const { world, poll, state } = setUp()
    await poll(10_000)
    const { at } = state() ?? {}
    world.loaded = late
    await poll(600_000)
    expect(state()).toMatchObject({ state: 'running', at, models: [{ id: 'qwen3' }] })
  })

  it('says at once of a server that never answered that it is not known, and asks it seldom', async () => {
    const { hang, asks, poll, state } = setUp()
    hang()
    await poll(2_000)
    expect(state()).toMatchObject({ state: 'unknown', at: '2026-11-20T09:00:00.000Z' })
    expect(state()?.detail).toContain('no answer')
    await poll(58_000)
    expect(asks.detect).toBe(6)
  })

  it('keeps what is known over a connection that is lost for a moment', async () => {
    const { world, poll, state } = setUp()
    await poll(10_000)
    world.loaded = new HostError('unreachable', errorInfo('unreachable'))
    await poll(10_000)
    expect(state()).toMatchObject({ state: 'running', models: [{ id: 'qwen3' }] })
    await poll(60_000)
    expect(state()).toMatchObject({ state: 'unknown', models: [] })
  })

  it('counts an answer also where the next question had none', async () => {
    const { world, poll, state } = setUp()
    world.models = late
    await poll(70_000)
    expect(state()).toMatchObject({ state: 'running', loaded: [{ modelId: 'qwen3' }] })
    expect(state()?.at).toBe('2026-11-20T09:01:08.000Z')
  })

  it('claims nothing of a server that was found and has not told yet what is loaded', async () => {
    const { clock, world, watch, poll, state } = setUp()
    world.detect = new RuntimeError('not-running', 'the port is closed')
    await poll(10_000)
    expect(state()).toMatchObject({ state: 'not-running' })
    Object.assign(world, { detect: null, loaded: late })
    await clock.advance(10_000)
    await watch.poll(new AbortController().signal)
    expect(state()).toMatchObject({ state: 'running', at: null })
  })

  it('asks seldom which models there are where only the menu bar wants to know', async () => {
    const { asks, poll } = setUp()
    await poll(300_000, true)
    expect(asks.models).toBe(1)
    expect(asks.loaded).toBe(150)
  })

  it('looks for a server that is not there often for a minute, then seldom, and at once for somebody who comes', async () => {
    const { world, asks, poll, watch, state } = setUp()
    world.detect = new RuntimeError('not-running', 'the port is closed')
    await poll(60_000)
    expect(asks.detect).toBe(6)
    await poll(120_000)
    expect(asks.detect).toBe(6 + 4)
    watch.lookAnew()
    await poll(60_000)
    expect(asks.detect).toBe(10 + 6)
    await poll(2_000)
    world.detect = null
    await poll(30_000)
    expect(state()).toMatchObject({ state: 'running' })
  })

  it('looks often again for a server that was there and is gone', async () => {
    const { world, asks, poll, state } = setUp()
    const gone = new RuntimeError('not-running', 'the port is closed')
    world.detect = gone
    await poll(120_000)
    world.detect = null
    await poll(40_000)
    expect(state()).toMatchObject({ state: 'running' })
    Object.assign(world, { detect: gone, loaded: gone, models: gone })
    await poll(2_000)
    expect(state()).toMatchObject({ state: 'not-running' })
    const { detect: before } = asks
    await poll(60_000)
    expect(asks.detect - before).toBe(6)
  })
})
