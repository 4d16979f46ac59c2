import type { Reading } from '../../../preload/contract/readings.ts'
import { type ProbeId, probeById } from '../../probes/index.ts'
import { readProbe } from '../../probes/read.ts'
import { clock } from '../compose.ts'
import type { OpenHost } from './host.ts'
import type { CliIo } from './io.ts'

const atOnce = 6
/** softwareupdate asks the network and can take minutes; somebody who waits is told what for. */
const patientForMs = 3000

/** Asks these probes, some at once; the answers come in the order of `ids`. */
export async function readAll(
  { host, name }: OpenHost,
  ids: readonly ProbeId[],
  io: CliIo,
): Promise<Record<string, Reading>> {
  const readings = new Map<ProbeId, Reading>()
  const waiting = ids.values()
  async function ask(): Promise<void> {
    for (const id of waiting) readings.set(id, await readProbe(host, probeById(id)))
  }
  const stopTimer = clock.after(patientForMs, () => {
    const missing = ids
      .filter((id) => !readings.has(id))
      .map((id) => io.say({ key: `probe.${id}` }))
    const params = { name, missing: missing.join(', ') }
    if (io.isWatched) io.err(`${io.say({ key: 'cli.still-asking', params })}\n`)
  })
  await Promise.all(Array.from({ length: atOnce }, ask))
  stopTimer()
  return Object.fromEntries(
    ids.flatMap((id) => {
      const reading = readings.get(id)
      return reading === undefined ? [] : [[id, reading]]
    }),
  )
}
