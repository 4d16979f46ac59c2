import { randomBytes } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { recordHost } from '../../hosts/recording/record.ts'
import type { OpenHost } from './host.ts'
import { CliFailure, type CliIo, type ExitCode, exitCodes } from './io.ts'

/** Writes a recording, readable by its owner only: it tells much of a machine, though no secret. */
export async function record(open: OpenHost, io: CliIo, outPath: string): Promise<ExitCode> {
  const recording = await recordHost(open.host)
  const besidePath = `${outPath}.${randomBytes(4).toString('hex')}`
  try {
    writeFileSync(besidePath, `${JSON.stringify(recording, null, 2)}\n`, {
      mode: 0o600,
      flag: 'wx',
    })
    renameSync(besidePath, outPath)
  } catch (error) {
    rmSync(besidePath, { force: true })
    const detail = error instanceof Error ? error.message : String(error)
    throw new CliFailure(exitCodes.unreadable, [
      { key: 'cli.unwritable', params: { path: outPath, detail } },
    ])
  }
  const count = recording.commands.length
  io.err(`${io.say({ key: 'cli.written', params: { path: outPath, count } })}\n`)
  return exitCodes.ok
}
