import { describe, expect, it } from 'vitest'
import type { AddressNow, HostFactory } from '../../../main/core/ports.ts'
import type { Host } from '../../../main/hosts/host.ts'
import { askTailnetOnce, followNodes } from '../../../main/tailnet/follow.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { createScriptedHost } from '../../support/scripted-host.ts'
import { studioConfig, studioPeer, tailnetOf } from '../../support/tailnet-fixtures.ts'

const oldName = 'mac-studio.tail1a2b3c.ts.net'
const renamed = tailnetOf({
  peers: [studioPeer({ name: 'atelier', dnsName: 'atelier.tail1a2b3c.ts.net' })],
})

function setUp(options: Parameters<typeof followNodes>[1]) {
  let addressNow: AddressNow | undefined
  const host = createScriptedHost('studio', new FakeClock())
  const factory: HostFactory = {
    ...{ local: () => host, demo: () => host },
    facts: () => Promise.reject(new Error('not asked')),
    ssh(_, given) {
      addressNow = given
      return host
    },
  }
  return {
    factory: followNodes(factory, options),
    ask: async (name: string) => addressNow?.(name),
  }
}

describe('followNodes', () => {
  it('finds a Host at its node, also one that was learned since the Host was made', async () => {
    let nodeId: string | null | undefined = null
    const { factory, ask } = setUp({ tailnet: () => renamed, nodeIdOf: () => nodeId })
    factory.ssh(studioConfig({ target: oldName, tailnetNodeId: null }))
    expect(await ask(oldName)).toBeNull()
    nodeId = 'nStudioCNTRL'
    expect(await ask(oldName)).toBe('100.101.20.4')
    nodeId = undefined
    factory.ssh(studioConfig({ target: oldName }))
    expect(await ask(oldName)).toBe('100.101.20.4')
  })

  it('asks nothing of Tailscale for a Host without a node, nor for another network', async () => {
    const tailnet = () => {
      throw new Error('asked')
    }
    const { factory, ask } = setUp({ tailnet })
    factory.ssh(studioConfig({ target: oldName, tailnetNodeId: null }))
    expect(await ask(oldName)).toBeNull()
    factory.ssh(studioConfig({ target: '192.168.1.20' }))
    expect(await ask('192.168.1.20')).toBeNull()
    await expect(ask(oldName)).rejects.toThrow('asked')
  })

  it('leaves the name where nothing is known of the tailnet', async () => {
    const { factory, ask } = setUp({ tailnet: () => null })
    factory.ssh(studioConfig({ target: oldName }))
    expect(await ask(oldName)).toBeNull()
  })
})

describe('askTailnetOnce', () => {
  function machine(run: Host['run']) {
    const clock = new FakeClock()
    const state = { made: 0, isClosed: false }
    const ask = askTailnetOnce(() => {
      state.made++
      return {
        ...createScriptedHost('this-machine', clock),
        run,
        async close() {
          state.isClosed = true
        },
      }
    }, clock)
    return { ask, clock, state }
  }

  it('asks when it is needed, and not again', async () => {
    const stdout = JSON.stringify({ BackendState: 'Stopped', Version: '1.102.4' })
    const { ask, state } = machine(async () => {
      return { stdout, stderr: '', exitCode: 0, durationMs: 1 }
    })
    expect(state.made).toBe(0)
    expect(await ask()).toMatchObject({ state: 'stopped' })
    expect(await ask()).toMatchObject({ state: 'stopped' })
    expect(state).toEqual({ made: 1, isClosed: true })
  })

  it('waits four seconds for a Tailscale that hangs', async () => {
    const { ask, clock, state } = machine(
      (_, { signal } = {}) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new Error('ended')), { once: true })
        }),
    )
    let answer: unknown = 'none yet'
    const asking = ask().then((value) => {
      answer = value
    })
    await clock.advance(3_900)
    expect(answer).toBe('none yet')
    await clock.advance(200)
    await asking
    expect(answer).toBeNull()
    expect(state.isClosed).toBe(true)
    expect(clock.pending).toBe(0)
  })
})
