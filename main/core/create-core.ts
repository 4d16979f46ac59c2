import type { FleetState } from '../../preload/contract/fleet.ts'
import type { Link } from '../../preload/contract/hosts.ts'
import { createAlertWatch } from '../alerts/watch.ts'
import { createKeySetUp } from '../connect/key-set-up.ts'
import { createConnectService } from '../connect/service.ts'
import { createSshConfigService } from '../connect/ssh-config/service.ts'
import { createTunnels } from '../connect/tunnels.ts'
import { wakeOnLan } from '../connect/wake.ts'
import { createDoctor } from '../doctor/service.ts'
import type { Host } from '../hosts/host.ts'
import { createModelActions } from '../models/actions.ts'
import { runtimes } from '../runtimes/index.ts'
import { createTailnetActions } from '../tailnet/actions.ts'
import { followNodes } from '../tailnet/follow.ts'
import { tailnetOf } from '../tailnet/known.ts'
import { createLearning } from '../tailnet/learn.ts'
import { createPathReader } from '../tailnet/path.ts'
import { createSuggestions } from '../tailnet/suggestions.ts'
import { createTailnetWatch } from '../tailnet/watch.ts'
import { createAppService } from './app-service.ts'
import { errorInfo, StudioloError } from './errors.ts'
import { createFleet } from './fleet.ts'
import { createHostFleet, localHostId } from './host-fleet.ts'
import { createHostService } from './host-service.ts'
import { createJobs } from './jobs.ts'
import type {
  Clock,
  Desktop,
  HostFactory,
  KeptReadings,
  LocalFacts,
  Log,
  SecretStore,
  SettingsStore,
} from './ports.ts'
import { roleOf } from './roles.ts'
import { type CallContext, createRouter } from './router.ts'
import type { Services } from './services.ts'
import { createSettingsService } from './settings-service.ts'

/** What a face brings: its hosts, its file of settings, its secrets, its desktop. */
export interface CoreOptions {
  hosts: HostFactory
  settings: SettingsStore
  secrets: SecretStore
  desktop: Desktop
  kept: KeptReadings
  clock: Clock
  log: Log
  version: string
  nodeVersion: string
  platform: string
  /** Where `ssh -G` and the suggestions look; the account's home folder. */
  homeDir: string
  env: Record<string, string | undefined>
  /** @default false. Only the demo Studio. */
  isDemoOnly?: boolean
  /** @default false. Holds every answer against the contract; for tests. */
  isOutputChecked?: boolean
}

/** The app without a face. A face serves `router` to its pages and tells `signals` what happens to the Mac. */
export interface Core {
  router: ReturnType<typeof createRouter>
  /** What each connection of a page is served with. */
  context(): CallContext
  fleet: { get(): FleetState; subscribe(listener: () => void): () => void }
  signals: {
    /** The Mac woke, the macOS session came back: everything at once. */
    wake(): void
    /** Asleep, or switched to another account: nothing is asked. */
    sleep(): void
    /** Asked anew over the new network; while asleep that waits for `wake`. */
    networkChanged(): void
  }
  close(): Promise<void>
}

/** Composes the core once; a face supplies the machine around it. */
export function createCore(options: CoreOptions): Core {
  const { settings, desktop, clock, log, homeDir, env } = options
  const fleet = createFleet()
  const local = () => hosts.watch(localHostId).host
  const host = (id: string) => hosts.watch(id).host
  let isLookedAt = false
  const tailnetWatch = createTailnetWatch({ local, fleet, clock, log })
  const tunnels = createTunnels({ host, local, fleet, clock, log })
  const jobs = createJobs({ fleet, clock, log })
  const paths = createPathReader(() => fleet.host(localHostId))
  const factory = followNodes(options.hosts, {
    tailnet: tailnetNow,
    nodeIdOf: (id) => configOf(id)?.tailnetNodeId,
  })
  const hosts = createHostFleet({
    factory,
    ...{ settings, fleet, clock, log, runtimes, kept: options.kept },
    localName: options.platform === 'darwin' ? 'This Mac' : 'This computer',
    demoName: 'Mac Studio',
    isDemoOnly: options.isDemoOnly ?? false,
    path: (host: Host, path: Link['path']) => paths(configOf(host.id), path),
    isHeld: (id) => tunnels.isUsed(id),
    onDemand(demand) {
      isLookedAt = demand === 'open'
      tailnetWatch.setDemand(demand)
    },
  })
  const { platform } = options
  // a name in the person's language must not wait until this machine is asked for the first time
  if (platform === 'darwin' || platform === 'linux') fleet.patchHost({ id: localHostId, platform })
  let localFacts: Promise<LocalFacts> | null = null
  const facts = () => (localFacts ??= options.hosts.facts())
  const actions = createModelActions({ jobs, clock })

  function configOf(id: string) {
    return settings.get().settings.hosts.find((host) => host.id === id)
  }

  function tailnetNow() {
    return tailnetOf(fleet.host(localHostId))
  }

  function onTailnet(listener: () => void) {
    return fleet.subscribe(({ hosts = [] }) => {
      if (hosts.some(({ id, readings }) => id === localHostId && readings?.tailnet)) listener()
    })
  }

  function modelsOf(hostId: string) {
    const watch = hosts.watch(hostId)
    return {
      host: watch.host,
      runtime: watch.runtime,
      refresh: watch.refreshRuntime,
      footprintBytes: watch.footprintBytes,
    }
  }

  const sshConfig = createSshConfigService({
    ...{ settings, homeDir, env, clock, log },
    tailnet: { now: tailnetNow, onChange: onTailnet },
  })
  const keySetUp = createKeySetUp({
    ...{ factory, local, secrets: options.secrets, clock, homeDir, env },
  })
  const refreshTailnet = () => tailnetWatch.refresh()
  const alertWatch = createAlertWatch({
    ...{ fleet, clock, desktop, settings },
    confirm: refreshTailnet,
    isLookedAt: () => isLookedAt,
  })
  const learning = createLearning({ fleet, settings, host, local, clock, log })

  const services: Services = {
    app: createAppService({
      ...options,
      facts,
      settingsPath: () => settings.get().path,
      host,
      tunnels: () => fleet.get().tunnels,
    }),
    checks: { run: (hostId, ids) => hosts.watch(hostId).runChecks(ids) },
    connect: createConnectService({
      ...{ local, host, facts, settings },
      configOf,
      linkOf: (id) => fleet.host(id)?.link,
      runtimeOf: (id, runtimeId) => hosts.watch(id).runtime(runtimeId)?.state,
      ...{ tailnet: tailnetNow, clock, homeDir, env },
      tunnels: () => fleet.get().tunnels,
    }),
    doctor: createDoctor({
      ...{ factory, local, configOf, clock, log, homeDir, env },
      stateOf: (id) => fleet.host(id),
      platform: options.platform,
    }),
    fleet: {
      async *watch(focus, signal) {
        const stop = hosts.look(focus)
        try {
          yield* fleet.events(signal)
        } finally {
          stop()
        }
      },
    },
    hosts: createHostService({
      ...{ factory, settings, hosts, keySetUp },
      wake: (id) => wakeOnLan(configOf(id)),
      aliasFor: (host) => sshConfig.aliasFor(host),
      suggestions: createSuggestions({ local, facts, settings, homeDir }),
    }),
    jobs: {
      cancel(hostId, jobId) {
        if (!jobs.cancel(hostId, jobId)) throw new StudioloError(errorInfo('not-found'))
      },
    },
    models: {
      load: (hostId, runtimeId, modelId) => actions.load(modelsOf(hostId), runtimeId, modelId),
      unload: (hostId, runtimeId, modelId) => actions.unload(modelsOf(hostId), runtimeId, modelId),
    },
    settings: createSettingsService({ settings, desktop }),
    sshConfig,
    tailnet: {
      ...createTailnetActions({ jobs, local, refresh: refreshTailnet, desktop, clock }),
      refresh: refreshTailnet,
    },
    tunnels,
  }

  function askAll() {
    hosts.wake()
    void refreshTailnet()
  }

  const applySettings = settings.onChange((state) => desktop.apply(state.settings))
  desktop.apply(settings.get().settings)

  return {
    router: createRouter(services, options),
    context: () => ({
      async roleFor(on, hostId) {
        const id = on === 'host' ? hostId : localHostId
        if (id === null) throw new StudioloError(errorInfo('invalid-input'))
        return roleOf(await hosts.watch(id).identity())
      },
    }),
    fleet: { get: fleet.get, subscribe: fleet.subscribe },
    signals: {
      wake: askAll,
      sleep: () => hosts.sleep(),
      networkChanged() {
        if (!hosts.isAsleep()) askAll()
      },
    },
    async close() {
      applySettings()
      alertWatch.close()
      learning.close()
      tailnetWatch.close()
      sshConfig.close()
      await tunnels.close()
      jobs.close()
      await hosts.close()
    },
  }
}
