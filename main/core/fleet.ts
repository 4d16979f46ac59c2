import type { Alert } from '../../preload/contract/alerts.ts'
import { applyHostPatch } from '../../preload/contract/change.ts'
import type {
  FleetChange,
  FleetEvent,
  FleetState,
  HostPatch,
  HostState,
} from '../../preload/contract/fleet.ts'
import type { Job } from '../../preload/contract/jobs.ts'
import type { Tunnel } from '../../preload/contract/tunnels.ts'
import { createBell } from './bell.ts'

/** How many changes a slow reader may be behind before it gets a snapshot instead. */
const maxBehind = 100

/** The core's state: the only thing the page is told of. Every write makes one numbered change. */
export interface Fleet {
  get(): FleetState
  host(id: string): HostState | undefined
  patchHost(patch: HostPatch): void
  addHost(host: HostState, index: number): void
  removeHost(id: string): void
  setJobs(jobs: Job[]): void
  setAlerts(alerts: Alert[]): void
  setTunnels(tunnels: Tunnel[]): void
  subscribe(listener: (change: FleetChange) => void): () => void
  /** A snapshot, then changes, until `signal` aborts. */
  events(signal?: AbortSignal): AsyncGenerator<FleetEvent, void>
}

export function createFleet(): Fleet {
  let state: FleetState = { revision: 0, hosts: [], jobs: [], alerts: [], tunnels: [] }
  const listeners = new Set<(change: FleetChange) => void>()

  function commit(
    next: Partial<Omit<FleetState, 'revision'>>,
    change: Omit<FleetChange, 'kind' | 'revision'>,
  ) {
    const revision = state.revision + 1
    state = { ...state, ...next, revision }
    for (const listener of listeners) listener({ kind: 'change', revision, ...change })
  }

  const fleet: Fleet = {
    get: () => state,
    host: (id) => state.hosts.find((host) => host.id === id),
    patchHost(patch) {
      const index = state.hosts.findIndex((host) => host.id === patch.id)
      const host = state.hosts[index]
      if (host === undefined) return
      commit({ hosts: state.hosts.with(index, applyHostPatch(host, patch)) }, { hosts: [patch] })
    },
    addHost(host, index) {
      const hosts = state.hosts.toSpliced(index, 0, host)
      commit({ hosts }, { addedHosts: [host], order: hosts.map(({ id }) => id) })
    },
    removeHost(id) {
      const hosts = state.hosts.filter((host) => host.id !== id)
      if (hosts.length === state.hosts.length) return
      commit({ hosts }, { order: hosts.map((host) => host.id) })
    },
    setJobs: (jobs) => commit({ jobs }, { jobs }),
    setAlerts: (alerts) => commit({ alerts }, { alerts }),
    setTunnels: (tunnels) => commit({ tunnels }, { tunnels }),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async *events(signal) {
      let queue: FleetEvent[] = [{ kind: 'snapshot', state }]
      const bell = createBell()
      const unsubscribe = fleet.subscribe((change) => {
        queue.push(change)
        if (queue.length > maxBehind) queue = [{ kind: 'snapshot', state }]
        bell.ring()
      })
      signal?.addEventListener('abort', bell.ring)
      try {
        while (signal?.aborted !== true) {
          const event = queue.shift()
          if (event !== undefined) yield event
          else await bell.heard()
        }
      } finally {
        unsubscribe()
        signal?.removeEventListener('abort', bell.ring)
      }
    },
  }
  return fleet
}
