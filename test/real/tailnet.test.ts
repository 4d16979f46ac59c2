import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../main/core/clock.ts'
import { createFleet } from '../../main/core/fleet.ts'
import { createJobs } from '../../main/core/jobs.ts'
import { createSettingsStore } from '../../main/core/settings-store.ts'
import { probeById } from '../../main/probes/index.ts'
import { readProbe } from '../../main/probes/read.ts'
import { createTailnetActions } from '../../main/tailnet/actions.ts'
import { pingPeer } from '../../main/tailnet/cli.ts'
import { addressFor, peerOf } from '../../main/tailnet/peers.ts'
import { createSuggestions } from '../../main/tailnet/suggestions.ts'
import type { Job } from '../../preload/contract/jobs.ts'
import type { Tailnet } from '../../preload/contract/tailnet.ts'
import { createMemoryFile } from '../support/memory-settings.ts'
import { silentLog } from '../support/silent-log.ts'
import { createTestDesktop } from '../support/test-core.ts'
import { until } from '../support/until.ts'
import { type FarSshd, makeClientHome, startFarSshd } from './support/far-sshd.ts'
import { type OwnMachine, ownMachine, studioConfig } from './support/own-machine.ts'
import { type RealTailnet, startTailnet, type TailnetNode, untilDirect } from './support/tailnet.ts'

/** A real Headscale, three real tailscaled, a real sshd. Its steps build on each other. */
describe('a real tailnet', () => {
  let tailnet: RealTailnet
  let own: TailnetNode
  let far: TailnetNode
  let sshd: FarSshd
  let here: OwnMachine

  beforeAll(async () => {
    tailnet = await startTailnet('laptop', 'studio', 'spare')
    ;[own, far] = [tailnet.node('laptop'), tailnet.node('studio')]
    sshd = await startFarSshd(tailnet, far)
    here = ownMachine(own, makeClientHome(tailnet, { far, sshd }))
    await untilDirect(own, far)
    // the others are told of each newcomer a moment later
    await until(async () => (await read()).peers.filter(({ isOnline }) => isOnline).length === 2)
  })
  afterAll(async () => {
    await here?.local.close()
    await tailnet?.close()
  })

  async function read(): Promise<Tailnet> {
    const reading = await readProbe(here.local, probeById('tailnet'))
    if (reading.kind !== 'value') throw new Error(`${reading.reason}: ${reading.detail}`)
    return reading.value
  }

  it('is read whole: this machine, the others, their addresses as Headscale gave them', async () => {
    const seen = await read()
    expect(seen).toMatchObject({ state: 'running', isDaemonRunning: true, variant: 'daemon' })
    expect(own.tailscale('version').startsWith(seen.version ?? 'unknown')).toBe(true)
    expect(seen.self).toMatchObject({ name: 'laptop', dnsName: 'laptop.tail.test' })
    expect(seen.self?.addresses).toContain(own.address)
    const listed = JSON.parse(tailnet.headscale('nodes', 'list', '-o', 'json')) as {
      given_name: string
      ip_addresses: string[]
    }[]
    const others = listed.filter((node) => node.given_name !== 'laptop')
    expect(seen.peers.map(({ name, addresses }) => [name, addresses.toSorted()])).toEqual(
      others
        .map((node) => [node.given_name, node.ip_addresses.toSorted()])
        .toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1)),
    )
    expect(seen.peers.map(({ isOnline, os }) => [isOnline, os])).toEqual([
      [true, 'linux'],
      [true, 'linux'],
    ])
  })

  it('pings a peer straight, and not where there is nobody', async () => {
    expect(await pingPeer(here.local, far.address)).toMatchObject({ kind: 'pong', path: 'direct' })
    expect(await pingPeer(here.local, '100.64.9.9')).toMatchObject({ kind: 'no-answer' })
  })

  it('carries SSH by our Host, over a ProxyCommand of the person’s', async () => {
    const host = here.factory.ssh(studioConfig)
    try {
      const identity = await host.identify()
      expect(identity).toMatchObject({ platform: 'linux', account: sshd.account.name })
      const { stdout } = await host.run(['printenv', 'SSH_CONNECTION'])
      // the server stands on the loopback of a machine that only its tailscaled reaches
      expect(stdout.trim()).toMatch(/^127\.0\.0\.1 \d+ 127\.0\.0\.1 22$/)
    } finally {
      await host.close()
    }
  })

  it('offers peers that are not hosts yet, and knows an added one again after a rename', async () => {
    const settings = await createSettingsStore(createMemoryFile().backing())
    const suggestions = createSuggestions({
      ...{ local: () => here.local, facts: here.factory.facts, settings },
      homeDir: tailnet.scratchDir,
    })
    const before = await suggestions()
    expect(before.map(({ name, target, detail }) => [name, target, detail])).toEqual([
      ['spare', tailnet.node('spare').address, 'spare.tail.test'],
      ['studio', far.address, 'studio.tail.test'],
    ])
    const { tailnetNodeId = null } = before[1] ?? {}
    const added = { ...studioConfig, target: 'studio.tail.test', tailnetNodeId }
    await settings.update((now) => ({ ...now, hosts: [added] }))
    expect((await suggestions()).map(({ name }) => name)).toEqual(['spare'])

    const listed = JSON.parse(tailnet.headscale('nodes', 'list', '-o', 'json'))
    const id = listed.find((node: { given_name: string }) => node.given_name === 'studio').id
    tailnet.headscale('nodes', 'rename', '-i', String(id), 'atelier')
    const seen = await until(async () => {
      const now = await read()
      return now.peers.some(({ name }) => name === 'atelier') ? now : null
    })
    expect(peerOf(seen, { nodeId: tailnetNodeId, target: added.target })?.name).toBe('atelier')
    expect(addressFor(added, seen)).toBe(far.address)
    expect((await suggestions()).map(({ name }) => name)).toEqual(['spare'])
    settings.close()
  })

  describe('switched by Jobs', () => {
    const desktop = createTestDesktop()
    const fleet = createFleet()
    const jobs = createJobs({ fleet, clock: systemClock, log: silentLog })
    const actions = () =>
      createTailnetActions({
        ...{ jobs, desktop, clock: systemClock, local: () => here.local },
        refresh: async () => {},
      })
    const jobOf = (id: string) => fleet.get().jobs.find((job) => job.id === id)
    const ended = (id: string): Promise<Job> =>
      until(
        () => {
          const job = jobOf(id)
          return job?.endedAt != null ? job : null
        },
        { withinMs: 45_000 },
      )
    afterAll(() => jobs.close())

    it('goes down, and up again', async () => {
      const { jobId } = await actions().down()
      expect(await ended(jobId)).toMatchObject({ state: 'done', error: null })
      expect(await read()).toMatchObject({ state: 'stopped', isDaemonRunning: true })
      const { jobId: upId } = await actions().up()
      expect(await ended(upId)).toMatchObject({ state: 'done', error: null })
      expect((await read()).state).toBe('running')
    })

    it('says that somebody has to log in, instead of going up', async () => {
      own.tailscale('logout')
      await until(async () => (await read()).state === 'needs-login')
      const { jobId } = await actions().up()
      expect(await ended(jobId)).toMatchObject({
        state: 'failed',
        error: { message: { key: 'error.tailnet-needs-login' } },
      })
    })

    it('logs in over the page that Headscale names once the key has expired', async () => {
      own.logIn()
      own.expireKey()
      await until(async () => (await read()).state === 'needs-login')
      const { jobId } = await actions().logIn()
      const page = await until(
        () => desktop.asked.map((one) => /^openUrl (https:\S+)$/.exec(one)?.[1]).find(Boolean),
        { withinMs: 30_000 },
      )
      expect(page).toMatch(/^https:\/\/10\.231\.8\.1:8443\/register\/\S+$/)
      expect(jobOf(jobId)).toMatchObject({ state: 'running', lines: [page] })
      // what the page tells its reader to do
      const key = page.slice(page.lastIndexOf('/') + 1)
      tailnet.headscale('nodes', 'register', '--user', 'ana', '--key', key)
      expect(await ended(jobId)).toMatchObject({ state: 'done', error: null })
      const seen = await read()
      expect([seen.state, seen.self?.name]).toEqual(['running', 'laptop'])
    })

    it('takes a cancelled log in back: nobody is logged in', async () => {
      own.expireKey()
      await until(async () => (await read()).state === 'needs-login')
      const before = desktop.asked.length
      const { jobId } = await actions().logIn()
      await until(() => desktop.asked.length > before, { withinMs: 30_000 })
      jobs.cancel('this-machine', jobId)
      expect(await ended(jobId)).toMatchObject({ state: 'cancelled' })
      expect((await read()).state).toBe('needs-login')
      own.logIn()
    })

    it('says why there is no page, where a log-out made Tailscale forget its server', async () => {
      own.tailscale('logout')
      await until(async () => (await read()).state === 'needs-login')
      const { jobId } = await actions().logIn()
      // without a server of its own it asks Tailscale's, to which no way leads from here
      await until(() => jobOf(jobId)?.lines.some((line) => line.includes('login error')), {
        withinMs: 30_000,
      })
      expect(jobOf(jobId)?.state).toBe('running')
      jobs.cancel('this-machine', jobId)
      expect(await ended(jobId)).toMatchObject({ state: 'cancelled' })
      own.logIn()
    })
  })

  it('says that no daemon runs where none does', async () => {
    await own.stop()
    expect(await read()).toMatchObject({ state: 'stopped', isDaemonRunning: false, self: null })
    await own.start()
  })
})
