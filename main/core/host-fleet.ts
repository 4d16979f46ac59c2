import type { Link } from '../../preload/contract/hosts.ts'
import type { Settings, SshHostConfig } from '../../preload/contract/settings.ts'
import type { Host } from '../hosts/host.ts'
import type { Runtime } from '../runtimes/runtime.ts'
import { errorInfo, StudioloError } from './errors.ts'
import type { Fleet } from './fleet.ts'
import { createHostWatch, type HostWatch } from './host-watch.ts'
import type { Demand } from './pace.ts'
import type { Clock, HostFactory, KeptReadings, Log, SettingsStore } from './ports.ts'

/** The watches of all Hosts, kept in step with the settings and with who looks. */
export interface HostFleet {
  watch(id: string): HostWatch
  all(): readonly HostWatch[]
  /** Somebody looks, with this Host on display. Call the returned function when they stop. */
  look(focus: string | null): () => void
  sleep(): void
  isAsleep(): boolean
  wake(): void
  close(): Promise<void>
}

/** Never ids of configured Hosts, which are random. */
export const localHostId = 'this-machine'
export const demoHostId = 'demo'

export function createHostFleet(options: {
  factory: HostFactory
  settings: SettingsStore
  fleet: Fleet
  clock: Clock
  log: Log
  runtimes: readonly Runtime[]
  kept: KeptReadings
  localName: string
  demoName: string
  /** Only the demo Studio: nothing of this machine or of configured Hosts is asked. */
  isDemoOnly: boolean
  path(host: Host, path: Link['path']): Link['path']
  /** Something else than a page needs the connection: it is not given up. */
  isHeld(hostId: string): boolean
  /** Whether somebody looks, whether the menu bar shows something, or neither. */
  onDemand(demand: 'open' | 'background' | 'none'): void
}): HostFleet {
  const { factory, settings, fleet, clock, log } = options
  const watches = new Map<string, HostWatch>()
  const configs = new Map<string, string>()
  const looks = new Map<symbol, string | null>()
  let isAsleep = false
  let isClosed = false

  function add(host: Host, name: string, index: number) {
    const { runtimes, kept, path, isHeld } = options
    const intervals = () => settings.get().settings
    const watch = createHostWatch({
      host,
      name,
      index,
      fleet,
      clock,
      log,
      runtimes,
      kept,
      path,
      isHeld,
      intervals,
    })
    watches.set(host.id, watch)
  }

  async function remove(id: string) {
    const watch = watches.get(id)
    watches.delete(id)
    configs.delete(id)
    await watch?.close()
  }

  /** Configured Studios first, then the demo, then this machine: the order of the switch. */
  function follow(current: Settings) {
    if (isClosed) return
    const isDemoShown = options.isDemoOnly || current.isDemoShown
    const configured = options.isDemoOnly ? [] : current.hosts
    const wanted = new Set(configured.map(({ id }) => id))
    for (const id of [...watches.keys()]) {
      if (id === localHostId || (id === demoHostId && isDemoShown)) continue
      const config = configured.find((one) => one.id === id)
      const isSame = config !== undefined && configs.get(id) === wayTo(config)
      if (!wanted.has(id) || !isSame) void remove(id)
      else watches.get(id)?.setName(config.name)
    }
    configured.forEach((config, index) => {
      if (watches.has(config.id)) return
      configs.set(config.id, wayTo(config))
      add(factory.ssh(config), config.name, index)
    })
    if (isDemoShown && !watches.has(demoHostId)) {
      add(factory.demo(), options.demoName, configured.length)
    }
    if (!options.isDemoOnly && !watches.has(localHostId)) {
      add(factory.local(), options.localName, configured.length + (isDemoShown ? 1 : 0))
    }
    applyDemand()
  }

  function applyDemand() {
    const { isRoomShownInMenuBar } = settings.get().settings
    const focused = new Set(looks.values())
    const idle: Demand = isRoomShownInMenuBar ? 'background' : 'none'
    const isOff = isAsleep || isClosed || options.isDemoOnly
    options.onDemand(isOff ? 'none' : looks.size === 0 ? 'background' : 'open')
    for (const [id, watch] of watches) {
      const looked: Demand = looks.size === 0 ? idle : focused.has(id) ? 'focus' : 'open'
      watch.setDemand(isAsleep || isClosed ? 'none' : looked)
    }
  }

  const unsubscribe = settings.onChange(({ settings: changed }) => follow(changed))
  follow(settings.get().settings)

  return {
    watch(id) {
      const watch = watches.get(id)
      if (watch === undefined) throw new StudioloError(errorInfo('not-found'))
      return watch
    },
    all: () => [...watches.values()],
    look(focus) {
      const token = Symbol('look')
      looks.set(token, focus)
      applyDemand()
      return () => {
        looks.delete(token)
        applyDemand()
      }
    },
    sleep() {
      isAsleep = true
      applyDemand()
    },
    isAsleep: () => isAsleep,
    wake() {
      isAsleep = false
      applyDemand()
      for (const watch of watches.values()) watch.wake()
    },
    async close() {
      isClosed = true
      unsubscribe()
      await Promise.all([...watches.keys()].map(remove))
    },
  }
}

/**
 * What of a Host's configuration makes the connection. The rest is shown, or for other programs, or learned while the connection
 * stands: a change of it must not cut that.
 */
function wayTo({ id, target, account, port, keyPath }: SshHostConfig): string {
  return JSON.stringify({ id, target, account, port, keyPath })
}
