import { call } from '@orpc/server'
import { describe, expect, it } from 'vitest'
import { createSettingsStore } from '../../../main/core/settings-store.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { createMemoryFile } from '../../support/memory-settings.ts'
import { fixture } from '../../support/probe-answers.ts'
import { createScriptedHost } from '../../support/scripted-host.ts'
import { studioConfig } from '../../support/tailnet-fixtures.ts'
import { createTestCore, createTestDesktop } from '../../support/test-core.ts'

const running = fixture('tailnet', 'macos26-any-no-peers.json')

async function setUp() {
  const clock = new FakeClock()
  const settings = await createSettingsStore(createMemoryFile().backing())
  const hosts = [studioConfig({ tailnetNodeId: null })]
  await settings.update((now) => ({ ...now, hosts }))
  const desktop = createTestDesktop()
  const world = { text: running, asks: 0 }
  const local = createScriptedHost('this-machine', clock)
  local.run = async (argv) => {
    const output = { stdout: '', stderr: '', exitCode: 127, durationMs: 1, isMissing: true }
    if (argv[0] !== 'tailscale' || !argv.includes('status')) return output
    world.asks++
    return { stdout: world.text, stderr: '', exitCode: 0, durationMs: 1 }
  }
  const core = await createTestCore({
    ...{ clock, settings, desktop },
    hosts: {
      local: () => local,
      ssh: ({ id }) => createScriptedHost(id, clock),
      demo: () => createScriptedHost('demo', clock),
      facts: () => Promise.reject(new Error('not asked')),
    },
  })
  const alerts = () => core.fleet.get().alerts.map(({ id }) => id)
  return { clock, core, desktop, world, alerts }
}

describe('the tailnet in the core', () => {
  it('is watched while nobody looks; what goes wrong becomes an alert and a notification', async () => {
    const { clock, core, desktop, world, alerts } = await setUp()
    await clock.advance(120_000)
    expect(world.asks).toBe(5)
    expect(alerts()).toEqual([])
    world.text = running.replace('"Running"', '"Stopped"')
    await clock.advance(60_000)
    expect(alerts()).toEqual(['tailnet-stopped'])
    expect(desktop.asked).toEqual(['notify tailnet-stopped'])
    world.text = running
    await clock.advance(60_000)
    expect(alerts()).toEqual([])
    await core.close()
    expect(clock.pending).toBe(0)
  })

  it('is asked at once after waking and in another network, not while asleep', async () => {
    const { clock, core, world } = await setUp()
    await clock.advance(1_000)
    core.signals.sleep()
    await clock.advance(600_000)
    expect(world.asks).toBe(1)
    core.signals.wake()
    await clock.advance(0)
    const afterWaking = world.asks
    expect(afterWaking).toBeGreaterThan(1)
    await clock.advance(1_000)
    core.signals.networkChanged()
    await clock.advance(0)
    expect(world.asks).toBe(afterWaking + 1)
    await core.close()
  })
})

describe('a network that changes while asleep', () => {
  it('wakes nothing', async () => {
    const { clock, core, world } = await setUp()
    await clock.advance(1_000)
    core.signals.sleep()
    await clock.advance(1_000)
    const { asks } = world
    core.signals.networkChanged()
    await clock.advance(600_000)
    expect(world.asks).toBe(asks)
    core.signals.wake()
    await clock.advance(0)
    expect(world.asks).toBeGreaterThan(asks)
    await core.close()
  })
})

describe('what the core opens for the page', () => {
  const context = { roleFor: async () => 'admin' as const }

  it('is the end of a tunnel only while that is open', async () => {
    const { core, desktop } = await setUp()
    const open = (target: string) => call(core.router.app.openRemedy, { target }, { context })
    const studioId = studioConfig().id
    const { id, localPort } = await call(
      core.router.tunnels.open,
      { hostId: studioId, name: 'JupyterLab', remotePort: 80, localPort: null },
      { context },
    )
    const address = `http://127.0.0.1:${localPort}/`
    await open(address)
    expect(desktop.asked).toEqual([`openUrl ${address}`])
    await expect(open(`${address}api/delete`)).rejects.toThrow('failed')
    await call(core.router.tunnels.close, { hostId: studioId, id }, { context })
    await expect(open(address)).rejects.toThrow('failed')
    expect(desktop.asked).toHaveLength(1)
    await core.close()
  })
})

describe('this machine', () => {
  it('is known for a Mac before anybody looks at it, so that the menu bar can name it', async () => {
    const { core } = await setUp()
    const platforms = core.fleet.get().hosts.map(({ id, platform }) => [id, platform])
    expect(platforms).toEqual([
      [studioConfig().id, null],
      ['this-machine', 'darwin'],
    ])
    await core.close()
  })
})
