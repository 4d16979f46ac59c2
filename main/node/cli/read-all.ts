import type { Reading } from '../../../preload/contract/readings.ts'
import type { Host } from '../../hosts/host.ts'
import { type ProbeId, probeById } from '../../probes/index.ts'
import { readProbe } from '../../probes/read.ts'

const atOnce = 6

/** Asks these probes, some at once; the answers come in the order of `ids`. */
export async function readAll(
  host: Host,
  ids: readonly ProbeId[],
): Promise<Record<string, Reading>> {
  const readings = new Map<ProbeId, Reading>()
  const waiting = ids.values()
  async function ask(): Promise<void> {
    for (const id of waiting) readings.set(id, await readProbe(host, probeById(id)))
  }
  await Promise.all(Array.from({ length: atOnce }, ask))
  return Object.fromEntries(
    ids.flatMap((id) => {
      const reading = readings.get(id)
      return reading === undefined ? [] : [[id, reading]]
    }),
  )
}
