import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as z from 'zod'
import { type Reading, readingSchema } from '../../preload/contract/readings.ts'
import type { KeptReadings, Log } from '../core/ports.ts'

const fileSchema = z.object({
  /** Of the app: a value of another version may have another shape. */
  version: z.string(),
  machines: z.record(z.string(), z.record(z.string(), readingSchema)),
})
type File = z.infer<typeof fileSchema>

/** Machines that were not asked lately are forgotten, the oldest first. */
const mostMachines = 50

/** In a file of the caches folder, read when it is first needed. What cannot be read or written is only not kept. */
export function createKeptReadings({
  path,
  version,
  log,
}: {
  path: string
  version: string
  log: Log
}): KeptReadings {
  let file: File | null = null

  function load(): File {
    try {
      const read = fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
      if (read.version === version) return read
    } catch (error) {
      const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
      if (!isMissing) log.info('kept readings: not usable', { error: String(error).slice(0, 200) })
    }
    return { version, machines: {} }
  }

  return {
    get(machine) {
      file ??= load()
      return (file.machines[machine] ?? {}) as Record<string, Reading>
    },
    put(machine, probeId, reading) {
      if (reading.kind !== 'value') return
      // another face may have written meanwhile
      file = load()
      const { [machine]: before, ...others } = file.machines
      const kept = Object.entries(others).slice(1 - mostMachines)
      file.machines = { ...Object.fromEntries(kept), [machine]: { ...before, [probeId]: reading } }
      try {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
        writeFileSync(`${path}.${process.pid}`, JSON.stringify(file), { mode: 0o600 })
        renameSync(`${path}.${process.pid}`, path)
      } catch (error) {
        log.info('kept readings: not written', { error: String(error) })
      }
    },
  }
}
