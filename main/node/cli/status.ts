import type { Reading } from '../../../preload/contract/readings.ts'
import { probes } from '../../probes/index.ts'
import { heading } from './heading.ts'
import { hostJson, type OpenHost } from './host.ts'
import { type CliIo, type ExitCode, exitCodes } from './io.ts'
import { readAll } from './read-all.ts'
import { formatTable } from './table.ts'
import { describeValue } from './values.ts'

/** Every reading of a Host. */
export async function status(open: OpenHost, io: CliIo, isJson: boolean): Promise<ExitCode> {
  const readings = await readAll(
    open,
    probes.map(({ id }) => id),
    io,
  )
  if (isJson) {
    io.out(`${JSON.stringify({ host: hostJson(open), readings }, null, 2)}\n`)
    return exitCodes.ok
  }
  const now = open.host.now()
  const rows = Object.entries(readings).map(([id, reading]) => [
    io.say({ key: `probe.${id}` }),
    describe(id, reading, io, now),
  ])
  io.out(`${heading(open, io)}\n${formatTable(rows)}`)
  return exitCodes.ok
}

function describe(id: string, reading: Reading, io: CliIo, now: number): string {
  if (reading.kind === 'unknown') {
    return io.say({
      key: 'cli.unknown-reading',
      params: { reason: io.say({ key: `probe.unknown.${reading.reason}` }) },
    })
  }
  return describeValue(id, reading.value)
    .map((part) => (typeof part === 'string' ? part : io.say(part, io.language, now)))
    .join(' · ')
}
