import type { FleetChange, FleetState, HostPatch, HostState } from './fleet.ts'

/** How many samples a history keeps: two minutes at a tick a second. */
export const keptSamples = 120

/** Applies one change to a state; returns null after a gap in revisions (then a snapshot must be asked for). Pure. */
export function applyChange(state: FleetState, change: FleetChange): FleetState | null {
  if (change.revision !== state.revision + 1) return null
  const byId = new Map(state.hosts.map((host) => [host.id, host]))
  for (const host of change.addedHosts ?? []) byId.set(host.id, host)
  for (const patch of change.hosts ?? []) {
    const host = byId.get(patch.id)
    if (host === undefined) return null
    byId.set(patch.id, applyHostPatch(host, patch))
  }
  const order = change.order ?? state.hosts.map((host) => host.id)
  const hosts: HostState[] = []
  for (const id of order) {
    const host = byId.get(id)
    if (host === undefined) return null
    hosts.push(host)
  }
  const { revision, jobs = state.jobs, alerts = state.alerts, tunnels = state.tunnels } = change
  return { revision, hosts, jobs, alerts, tunnels }
}

/** Merges a patch into a Host's state; see {@link HostPatch} for how each field is merged. Pure. */
export function applyHostPatch(host: HostState, patch: HostPatch): HostState {
  const { addSamples, readings, ...rest } = patch
  const next: HostState = { ...host, ...(rest as Partial<HostState>) }
  if (readings !== undefined) next.readings = { ...host.readings, ...readings }
  if (addSamples !== undefined) next.samples = [...host.samples, ...addSamples].slice(-keptSamples)
  return next
}
