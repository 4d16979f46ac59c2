import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../main/core/clock.ts'
import type { Core } from '../../main/core/create-core.ts'
import type { Clock } from '../../main/core/ports.ts'
import { createSettingsStore } from '../../main/core/settings-store.ts'
import { tailnetOf } from '../../main/tailnet/known.ts'
import type { Alert } from '../../preload/contract/alerts.ts'
import { createMemoryFile } from '../support/memory-settings.ts'
import { createTestCore, createTestDesktop } from '../support/test-core.ts'
import { until } from '../support/until.ts'
import { makeClientHome, startFarSshd } from './support/far-sshd.ts'
import { type OwnMachine, ownMachine, studioConfig } from './support/own-machine.ts'
import {
  type RealTailnet,
  startTailnet,
  type TailnetNode,
  untilDirect,
  untilReached,
} from './support/tailnet.ts'

/** An alert comes after up to a minute of what it is about. */
const hasteFactor = 10

/** For the core alone: commands and Tailscale go on at their own pace. */
const hastyClock: Clock = {
  now: () => systemClock.now(),
  monotonic: () => systemClock.monotonic() * hasteFactor,
  after: (delayMs, run) => systemClock.after(delayMs / hasteFactor, run),
}

/** Nobody looks; the core asks Tailscale now and then. Each test mends what it broke. */
describe('alerts from a real tailnet', () => {
  const desktop = createTestDesktop()
  let tailnet: RealTailnet
  let own: TailnetNode
  let far: TailnetNode
  let here: OwnMachine
  let core: Core
  const mend: (() => unknown)[] = []

  beforeAll(async () => {
    tailnet = await startTailnet('laptop', 'studio')
    ;[own, far] = [tailnet.node('laptop'), tailnet.node('studio')]
    const sshd = await startFarSshd(tailnet, far)
    here = ownMachine(own, makeClientHome(tailnet, { far, sshd }))
    await untilDirect(own, far)
    const settings = await createSettingsStore(createMemoryFile().backing())
    await settings.update((now) => ({ ...now, hosts: [studioConfig] }))
    const { factory: hosts, env } = here
    core = await createTestCore({
      ...{ hosts, settings, desktop, env, clock: hastyClock, platform: 'linux' },
      homeDir: env.HOME ?? '/nowhere',
    })
    await until(() => pathToStudio() === 'direct')
  })
  afterEach(async () => {
    for (const step of mend.splice(0)) await step()
    await until(() => core.fleet.get().alerts.length === 0, { withinMs: 45_000 })
  })
  afterAll(async () => {
    await core?.close()
    await here?.local.close()
    await tailnet?.close()
  })

  const pathToStudio = () => {
    const known = tailnetOf(core.fleet.get().hosts.find(({ kind }) => kind === 'local'))
    return known?.peers.find(({ name }) => name === 'studio')?.path
  }
  const raised = (title: string): Promise<Alert> =>
    until(() => core.fleet.get().alerts.find((alert) => alert.title.key === title), {
      withinMs: 45_000,
    })

  it('says that Tailscale was stopped', async () => {
    own.tailscale('down')
    mend.push(() => own.tailscale('up'))
    expect(await raised('alert.tailnet-stopped.stopped.title')).toMatchObject({
      ...{ id: 'tailnet-stopped', severity: 'fail', hostId: null, action: 'tailnet-up' },
      title: { params: { name: 'Studio' } },
    })
    expect(desktop.asked).toContain('notify tailnet-stopped')
  })

  it('says that nobody is logged in', async () => {
    own.tailscale('logout')
    mend.push(() => own.logIn())
    expect(await raised('alert.tailnet-signed-out.needs-login.title')).toMatchObject({
      ...{ id: 'tailnet-signed-out', hostId: null, action: 'tailnet-log-in' },
    })
    expect(desktop.asked).toContain('notify tailnet-signed-out')
  })

  it('says that the Studio went offline, and nothing of the relay by which Tailscale then tries', async () => {
    // a path without traffic is none
    await untilDirect(own, far)
    await far.stop()
    mend.push(() => far.start())
    expect(await raised('alert.host-offline.offline.title')).toMatchObject({
      ...{ id: 'host-offline/studio', hostId: 'studio', severity: 'attention', action: 'doctor' },
    })
    expect(core.fleet.get().alerts).toHaveLength(1)
    expect(desktop.asked).toContain('notify host-offline/studio')
  })

  it('says that the way to the Studio leads over a relay now', async () => {
    mend.push(async () => {
      await own.stop()
      await own.start()
      await untilDirect(own, far)
    })
    await own.stop()
    await own.start({ isRelayOnly: true })
    await untilReached(own, far)
    expect(await raised('alert.host-relayed.region.title')).toMatchObject({
      ...{ id: 'host-relayed/studio', hostId: 'studio', severity: 'attention' },
      title: { params: { name: 'Studio', region: 'studio' } },
    })
  })
})
