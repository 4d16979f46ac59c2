import type { ComponentType } from 'react'
import type { ProbeId, ProbeValue } from '../../main/probes/index.ts'
import type { HostState } from '../../preload/contract/fleet.ts'
import type { Job } from '../../preload/contract/jobs.ts'
import type { Reading } from '../../preload/contract/readings.ts'
import type { Settings } from '../../preload/contract/settings.ts'
import type { Tunnel } from '../../preload/contract/tunnels.ts'

export interface PanelProps {
  host: HostState
  jobs: readonly Job[]
  /** Of all Hosts. */
  tunnels: readonly Tunnel[]
  settings: Pick<Settings, 'preferredToolId'>
}

/** A part of the popover about the Host on display. */
export interface Panel {
  id: string
  /** Nothing to show for this Host: the panel leaves no gap. */
  isShown(host: HostState): boolean
  Body: ComponentType<PanelProps>
}

/** The last value of a probe, or null; `HostState.readings` has the reason. */
export function lastValue<Id extends ProbeId>(host: HostState, id: Id): ProbeValue<Id> | null {
  const reading = host.readings[id] as Reading<ProbeValue<Id>> | undefined
  return reading?.kind === 'value' ? reading.value : null
}

/** Whether actions on the Host make sense now. */
export function isAnswering(host: HostState): boolean {
  return host.link.state === 'live'
}
