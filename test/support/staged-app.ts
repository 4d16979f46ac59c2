import { join } from 'node:path'
import { RPCHandler } from '@orpc/server/ws'
import { systemClock } from '../../main/core/clock.ts'
import { errorInfo, StudioloError } from '../../main/core/errors.ts'
import { createFleet } from '../../main/core/fleet.ts'
import { createRouter } from '../../main/core/router.ts'
import type { Services } from '../../main/core/services.ts'
import { createSettingsService } from '../../main/core/settings-service.ts'
import { createSettingsStore } from '../../main/core/settings-store.ts'
import { startServer } from '../../main/node/server.ts'
import type { ErrorInfo, Role } from '../../preload/contract/base.ts'
import type { ConnectTool } from '../../preload/contract/connect.ts'
import type { FleetState } from '../../preload/contract/fleet.ts'
import type { HostTestProgress, KeySetUpProgress } from '../../preload/contract/hosts.ts'
import { noRefusals, type Settings } from '../../preload/contract/settings.ts'
import type { SshConfigState } from '../../preload/contract/ssh-config.ts'
import { createMemoryFile } from './memory-settings.ts'
import { silentLog } from './silent-log.ts'

/** What stands on the stage: states that a real machine shows for a moment, or only when something is broken. */
export interface Stage {
  settings?: Partial<Settings>
  fleet?: Partial<FleetState>
  role?: Role
  sshConfig?: SshConfigState | ErrorInfo
  /** What `include` answers; by default the state itself, included. */
  include?: ErrorInfo
  tools?: ConnectTool[]
  /** The last one stays until the page closes the stream, unless it is done. */
  test?: HostTestProgress[]
  keySetUp?: KeySetUpProgress[]
}

export interface StagedApp extends AsyncDisposable {
  /** Opens one page. */
  link(): string
  /** Calls that came, with what they were given. */
  readonly calls: readonly string[]
  settings(): Settings
}

/** The page with a stage behind the contract in place of the core: the real transport, the real checks of arguments and Role. */
export async function startStagedApp(
  stage: Stage,
  pageDir: string = join(import.meta.dirname, '../../out/renderer'),
): Promise<StagedApp> {
  const settings = await createSettingsStore(createMemoryFile().backing())
  await settings.update((now) => ({ ...now, ...stage.settings }))
  const calls: string[] = []
  const fleet = createFleet()
  for (const [index, host] of (stage.fleet?.hosts ?? []).entries()) fleet.addHost(host, index)
  fleet.setJobs(stage.fleet?.jobs ?? [])
  fleet.setAlerts(stage.fleet?.alerts ?? [])
  fleet.setTunnels(stage.fleet?.tunnels ?? [])

  const router = createRouter(createServices())
  const handler = new RPCHandler(router)
  const server = await startServer({
    ...{ pageDir, port: 0, clock: systemClock, log: silentLog },
    onPage: (socket) =>
      void handler.upgrade(socket, { context: { roleFor: async () => stage.role ?? 'admin' } }),
    refusals: { host: 'host', origin: 'origin', notFound: 'not found' },
  })

  function createServices(): Services {
    const missing = (): never => {
      throw new StudioloError(errorInfo('internal'))
    }
    const called = (name: string) => (given?: unknown) =>
      void calls.push(given === undefined ? name : `${name} ${JSON.stringify(given)}`)
    const started = (name: string) => () => {
      calls.push(name)
      return { jobId: name }
    }
    let sshConfig = stage.sshConfig ?? errorInfo('internal')
    const readSshConfig = async () => {
      if ('code' in sshConfig) throw new StudioloError(sshConfig)
      return sshConfig
    }
    const hosts = () => settings.get().settings.hosts
    return {
      app: {
        about: async () => ({
          ...{ name: 'Studiolo', version: '0.0.0', face: 'browser', platform: 'darwin' },
          ...{ system: 'macOS 26.1', electronVersion: null, nodeVersion: process.versions.node },
          ...{ settingsPath: '~/Library/Application Support/Studiolo/settings.json' },
          systemLanguage: 'en',
          can: { startAtLogin: false, globalShortcut: false, menuBar: false, keychain: true },
        }),
        ...{ openWindow: missing, closePopover: missing, diagnostics: missing },
        holdPopover: missing,
        openRemedy: async (target) => called('openRemedy')(target),
      },
      checks: { run: missing },
      connect: {
        tools: async () => stage.tools ?? [],
        ...{ open: missing, sshCommand: missing, modelServerAddress: missing },
      },
      doctor: { run: missing },
      fleet: { watch: (_focus, signal) => fleet.events(signal) },
      hosts: {
        suggestions: async () => [],
        async add(host) {
          const added = { ...host, kind: 'ssh' as const, id: `host-${hosts().length + 1}` }
          called('add')(added)
          await settings.update((now) => ({ ...now, hosts: [...now.hosts, added] }))
          return added
        },
        async edit(host) {
          called('edit')(host)
          await settings.update((now) => ({
            ...now,
            hosts: now.hosts.map((one) => (one.id === host.id ? host : one)),
          }))
          return host
        },
        remove: missing,
        test: (_id, _host, signal) => played(stage.test ?? [], signal),
        setUpKey: (_id, _host, signal) => played(stage.keySetUp ?? [], signal),
        wake: async (id) => called('wake')(id),
        answer: (_id, answer) => called('answer')(answer),
        reconnect: missing,
      },
      jobs: { cancel: (_hostId, jobId) => called('cancel')(jobId) },
      models: { load: missing, unload: missing },
      settings: createSettingsService({ settings, desktop: { refusals: () => noRefusals } }),
      sshConfig: {
        read: readSshConfig,
        async include(revision) {
          called('include')(revision)
          const now = await readSshConfig()
          if (stage.include !== undefined) {
            sshConfig = { ...now, revision: `${now.revision}+` }
            throw new StudioloError(stage.include)
          }
          sshConfig = { ...now, state: 'included', diff: [] }
          return sshConfig
        },
        async remove() {
          called('remove')()
          sshConfig = { ...(await readSshConfig()), state: 'not-included' }
          return sshConfig
        },
      },
      tailnet: {
        ...{ up: started('up'), down: started('down'), logIn: started('logIn') },
        refresh: async () => called('refresh')(),
      },
      tunnels: {
        open: missing,
        closeOne(_hostId, id) {
          called('close')(id)
          fleet.setTunnels(fleet.get().tunnels.filter((tunnel) => tunnel.id !== id))
        },
      },
    }
  }

  return {
    ...{ calls, link: () => server.link(), settings: () => settings.get().settings },
    [Symbol.asyncDispose]: async () => {
      await server.close()
      settings.close()
    },
  }
}

async function* played<Progress extends { isDone: boolean }>(
  all: readonly Progress[],
  signal?: AbortSignal,
): AsyncGenerator<Progress, void> {
  yield* all
  if (all.at(-1)?.isDone === true) return
  await new Promise((resolve) => signal?.addEventListener('abort', resolve))
}
