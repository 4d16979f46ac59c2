import type { HostState } from '../../preload/contract/fleet.ts'
import type { Reading } from '../../preload/contract/readings.ts'
import type { Tailnet } from '../../preload/contract/tailnet.ts'

/** What this machine's Tailscale last said, `here` being its own state; undefined before the first answer. */
export function tailnetReading(
  here: Pick<HostState, 'readings'> | undefined,
): Reading<Tailnet> | undefined {
  // The probe of this id makes the reading.
  return here?.readings.tailnet as Reading<Tailnet> | undefined
}

/** The same where it is a value, else null. */
export function tailnetOf(here: Pick<HostState, 'readings'> | undefined): Tailnet | null {
  const reading = tailnetReading(here)
  return reading?.kind === 'value' ? reading.value : null
}
