import type { FleetState, HostState } from '../../preload/contract/fleet.ts'
import { client } from '../client.ts'
import { followFleet } from './follow-fleet.ts'
import { createStore, useStore } from './store.ts'

const retryMs = 500

const fleetStore = createStore<FleetState | null>(null)
/** The Host that the person chose; null until they did: then the settings' or the first one is on display. */
const chosenStore = createStore<string | null>(null)

const following = followFleet({
  watch: (focus, signal) => client.fleet.watch({ focus }, { signal }),
  onState(state) {
    fleetStore.set(state)
    follow()
  },
  pause: (signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, retryMs)
      signal.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve()
      })
    }),
})

function selectedId(state: FleetState | null, chosen: string | null): string | null {
  if (state === null) return chosen
  return state.hosts.some(({ id }) => id === chosen) ? chosen : (state.hosts[0]?.id ?? null)
}

function follow() {
  following.follow(!document.hidden, selectedId(fleetStore.get(), chosenStore.get()))
}

/** Starts to follow the core's state, for as long as the page is visible. */
export function startFleet(selectedHostId: string | null): void {
  chosenStore.set(selectedHostId)
  document.addEventListener('visibilitychange', follow)
  follow()
}

/** All that is known; null before the first snapshot. */
export function useFleet(): FleetState | null {
  return useStore(fleetStore, (state) => state)
}

export function useHosts(): readonly HostState[] | null {
  return useStore(fleetStore, (state) => state?.hosts ?? null)
}

/** The Host on display. */
export function useSelectedHost(): HostState | null {
  const chosen = useStore(chosenStore, (id) => id)
  return useStore(fleetStore, (state) => {
    const id = selectedId(state, chosen)
    return state?.hosts.find((host) => host.id === id) ?? null
  })
}

/** Puts a Host on display, here at once and for the next start. */
export function selectHost(id: string): void {
  chosenStore.set(id)
  follow()
  client.settings.update({ selectedHostId: id }).catch(() => {
    // The choice holds for this page; a settings file that cannot be written is said elsewhere.
  })
}
