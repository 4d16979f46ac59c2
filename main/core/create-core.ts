import type { FleetState } from '../../preload/contract/fleet.ts'
import type { Link } from '../../preload/contract/hosts.ts'
import { createConnectService } from '../connect/service.ts'
import type { Host } from '../hosts/host.ts'
import { recordHost } from '../hosts/recording/record.ts'
import { createModelActions } from '../models/actions.ts'
import { runtimes } from '../runtimes/index.ts'
import { createPathReader } from '../tailnet/path.ts'
import { createSuggestions } from '../tailnet/suggestions.ts'
import { errorInfo, StudioloError } from './errors.ts'
import { createFleet } from './fleet.ts'
import { createHostFleet, localHostId } from './host-fleet.ts'
import { createHostService } from './host-service.ts'
import { createJobs } from './jobs.ts'
import type {
  Clock,
  Desktop,
  HostFactory,
  LocalFacts,
  Log,
  SecretStore,
  SettingsStore,
} from './ports.ts'
import { roleOf } from './roles.ts'
import { type CallContext, createRouter } from './router.ts'
import type { Services } from './services.ts'

export interface CoreOptions {
  hosts: HostFactory
  settings: SettingsStore
  secrets: SecretStore
  desktop: Desktop
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
}

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
    networkChanged(): void
  }
  close(): Promise<void>
}

/** Composes the core once; a face supplies the machine around it. */
export function createCore(options: CoreOptions): Core {
  const { settings, desktop, clock, log } = options
  const fleet = createFleet()
  const jobs = createJobs({ fleet, clock, log })
  const paths = createPathReader(() => fleet.host(localHostId))
  const hosts = createHostFleet({
    factory: options.hosts,
    ...{ settings, fleet, clock, log, runtimes },
    localName: options.platform === 'darwin' ? 'This Mac' : 'This machine',
    demoName: 'Mac Studio',
    isDemoOnly: options.isDemoOnly ?? false,
    path: (host: Host, path: Link['path']) => paths(configOf(host.id)?.target ?? null, path),
  })
  let localFacts: Promise<LocalFacts> | null = null
  const facts = () => (localFacts ??= options.hosts.facts())
  const actions = createModelActions({ jobs, clock })

  function configOf(id: string) {
    return settings.get().settings.hosts.find((host) => host.id === id)
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

  const services: Services = {
    app: {
      about: async () => ({
        name: 'Studiolo',
        version: options.version,
        face: desktop.face,
        platform: options.platform,
        system: await facts().then(
          ({ osName, osVersion }) => `${osName} ${osVersion}`,
          () => null,
        ),
        electronVersion: desktop.electronVersion,
        nodeVersion: options.nodeVersion,
        settingsPath: settings.get().path,
        systemLanguage: desktop.systemLanguage,
        can: desktop.can,
      }),
      openWindow: (place) => desktop.openWindow(place),
      closePopover: () => desktop.closePopover(),
      async openRemedy(target) {
        if (!/^(x-apple\.systempreferences:com\.apple\.|https:\/\/)/.test(target)) {
          throw new StudioloError(errorInfo('invalid-input'))
        }
        await desktop.openUrl(target)
      },
      async diagnostics(hostId, signal) {
        const recording = await recordHost(
          hosts.watch(hostId).host,
          signal === undefined ? {} : { signal },
        )
        return { text: `${JSON.stringify(recording, null, 2)}\n` }
      },
    },
    checks: { run: (hostId, ids) => hosts.watch(hostId).runChecks(ids) },
    connect: createConnectService({
      local: () => hosts.watch(localHostId).host,
      host: (id) => hosts.watch(id).host,
      facts,
      configOf,
      runtimeOf: (id, runtimeId) => hosts.watch(id).runtime(runtimeId)?.state,
      homeDir: options.homeDir,
      env: options.env,
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
      ...{ factory: options.hosts, settings, hosts },
      suggestions: createSuggestions({
        local: () => hosts.watch(localHostId).host,
        facts,
        settings,
        homeDir: options.homeDir,
      }),
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
    settings: {
      get: () => settings.get(),
      update: (patch) => settings.update((now) => ({ ...now, ...withoutUndefined(patch) })),
      dismissProblem: () => settings.dismissProblem(),
    },
  }

  const applySettings = settings.onChange((state) => desktop.apply(state.settings))
  desktop.apply(settings.get().settings)

  return {
    router: createRouter(services),
    context: () => ({
      async roleFor(on, hostId) {
        const id = on === 'host' ? hostId : localHostId
        if (id === null) throw new StudioloError(errorInfo('invalid-input'))
        return roleOf(await hosts.watch(id).identity())
      },
    }),
    fleet: { get: fleet.get, subscribe: fleet.subscribe },
    signals: {
      wake: () => hosts.wake(),
      sleep: () => hosts.sleep(),
      networkChanged: () => hosts.wake(),
    },
    async close() {
      applySettings()
      jobs.close()
      await hosts.close()
    },
  }
}

function withoutUndefined<Value extends object>(value: Value) {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [Key in keyof Value]?: Exclude<Value[Key], undefined>
  }
}
