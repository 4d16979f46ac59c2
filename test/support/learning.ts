import { onTestFinished } from 'vitest'
import { createFleet } from '../../main/core/fleet.ts'
import { createHostFleet } from '../../main/core/host-fleet.ts'
import { createSettingsStore } from '../../main/core/settings-store.ts'
import type { Argv, Host, HostLink } from '../../main/hosts/host.ts'
import { createLearning } from '../../main/tailnet/learn.ts'
import type { HostStep, Link } from '../../preload/contract/hosts.ts'
import type { SshHostConfig } from '../../preload/contract/settings.ts'
import { FakeClock } from './fake-clock.ts'
import { createMemoryFile } from './memory-settings.ts'
import { createScriptedHost } from './scripted-host.ts'
import { silentLog } from './silent-log.ts'
import { studioConfig, tailnetReading } from './tailnet-fixtures.ts'
import { createMemoryReadings } from './test-core.ts'

/** A Studio of which nothing is known but its name. */
export const unlearned = studioConfig({ target: 'studio', tailnetNodeId: null })
const neighbour = '192.168.1.20 dev eth0 lladdr 1c:0f:64:00:0a:0b REACHABLE \n'

export function passed(id: HostStep['id'], detail: string | null): HostStep {
  return { id, state: 'passed', durationMs: 1, detail, error: null }
}

/** Learning from that Studio, whose link goes as `be` says; it ends with the test. */
export async function startLearning() {
  const clock = new FakeClock()
  const fleet = createFleet()
  const file = createMemoryFile()
  const store = await createSettingsStore(file.backing())
  await store.update((now) => ({ ...now, hosts: [unlearned] }))
  let updates = 0
  const world = { address: '100.101.20.4', isWritable: true }
  const settings = {
    ...store,
    update(change: Parameters<typeof store.update>[0]) {
      updates++
      return world.isWritable ? store.update(change) : Promise.reject(new Error('read-only'))
    },
  }
  const asked: Argv[] = []
  const made: { config: SshHostConfig; isClosed: boolean }[] = []
  const local = createScriptedHost('this-machine', clock)
  local.run = async (argv) => {
    asked.push(argv)
    return { stdout: neighbour, stderr: '', exitCode: 0, durationMs: 1 }
  }
  function ssh(config: SshHostConfig): Host {
    const one = { config, isClosed: false }
    made.push(one)
    const link: HostLink = {
      ...{ state: 'connected', path: 'direct', problem: null, question: null },
      get steps() {
        return [passed('name', null), passed('tcp', `${world.address}:22`)]
      },
    }
    return {
      ...createScriptedHost(config.id, clock),
      link: () => link,
      async close() {
        one.isClosed = true
      },
    }
  }
  const hosts = createHostFleet({
    factory: {
      ...{ local: () => local, ssh },
      demo: () => createScriptedHost('demo', clock),
      facts: () => Promise.reject(new Error('not asked')),
    },
    ...{ settings, fleet, clock, log: silentLog, runtimes: [], kept: createMemoryReadings() },
    ...{ localName: 'This Mac', demoName: 'Demo', isDemoOnly: false },
    path: (_host, path) => path,
    isHeld: () => false,
    onDemand: () => {},
  })
  const learning = createLearning({
    ...{ fleet, settings, local: () => local, clock, log: silentLog },
    host: (id) => hosts.watch(id).host,
  })
  onTestFinished(async () => {
    learning.close()
    await hosts.close()
  })
  fleet.patchHost({ id: 'this-machine', readings: { tailnet: tailnetReading() } })
  const be = (state: Link['state'], path: Link['path'], since = '2026-11-20T09:00:00.000Z') => {
    const before = fleet.host('studio')?.link
    if (before === undefined) throw new Error('no studio')
    fleet.patchHost({ id: 'studio', link: { ...before, state, path, since } })
    return clock.advance(5_000)
  }
  const config = () => store.get().settings.hosts[0]
  return { clock, fleet, store, world, asked, made, be, config, updates: () => updates }
}
