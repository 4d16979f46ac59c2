import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { errorInfo, StudioloError } from '../../core/errors.ts'
import type { Argv } from '../host.ts'

const argvSchema = z.tuple([z.string().min(1)], z.string())

const commandSchema = z.object({
  argv: argvSchema,
  stdout: z.string().default(''),
  stderr: z.string().default(''),
  exitCode: z.int().default(0),
  durationMs: z.number().min(0).default(0),
})

const httpSchema = z.object({
  port: z.int().min(1).max(65535),
  method: z.string().default('GET'),
  /** With the query. */
  path: z.string().startsWith('/'),
  requestBody: z.string().default(''),
  /** 0: nobody listened on the port. */
  status: z.union([z.literal(0), z.int().min(100).max(599)]),
  body: z.string().default(''),
})

/**
 * What `studiolo record` writes, a bug report carries, and tests and the demo Studio replay.
 * `groups` and `userId` are of the account; a recording without them knows an account of no groups.
 */
const recordingSchema = z.object({
  format: z.literal('studiolo-recording/1'),
  host: z.object({
    name: z.string(),
    platform: z.enum(['darwin', 'linux']),
    account: z.string(),
    recordedAt: z.iso.datetime({ offset: true }),
    groups: z.array(z.string()).optional(),
    userId: z.int().min(0).optional(),
  }),
  commands: z.array(commandSchema).default([]),
  files: z.array(z.object({ path: z.string(), text: z.string() })).default([]),
  http: z.array(httpSchema).default([]),
})

export type Recording = z.infer<typeof recordingSchema>
export type RecordedCommand = Recording['commands'][number]
export type RecordedHttp = Recording['http'][number]

/** Reads a recording's text. Throws a {@link StudioloError} that says what is wrong, for any text. */
export function parseRecording(text: string): Recording {
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw notARecording(error instanceof Error ? error.message : String(error))
  }
  const result = recordingSchema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const place = issue?.path.join('.') ?? ''
  throw notARecording(place === '' ? (issue?.message ?? '') : `${place}: ${issue?.message}`)
}

function notARecording(detail: string): StudioloError {
  return new StudioloError(errorInfo('unrecognised', {}, `Not a recording of Studiolo: ${detail}`))
}

export function loadDemoRecording(resourcesDir: string): Recording {
  return parseRecording(readFileSync(join(resourcesDir, 'demo', 'mac-studio.json'), 'utf8'))
}

/** Hands out what was recorded under a key: the same key's entries one after the other, the last one again and again. */
export interface Sequence<Entry> {
  next(key: string): Entry | undefined
  has(key: string): boolean
}

/** @param isCycling after the last entry comes the first again */
export function createSequence<Entry>(
  entries: readonly Entry[],
  keyOf: (entry: Entry) => string,
  { isCycling = false } = {},
): Sequence<Entry> {
  const byKey = new Map<string, Entry[]>()
  for (const entry of entries) {
    const key = keyOf(entry)
    byKey.set(key, [...(byKey.get(key) ?? []), entry])
  }
  const positions = new Map<string, number>()
  return {
    next(key) {
      const list = byKey.get(key)
      if (list === undefined) return undefined
      const position = positions.get(key) ?? 0
      const end = list.length - 1
      positions.set(key, position < end ? position + 1 : isCycling ? 0 : end)
      return list[position]
    },
    has: (key) => byKey.has(key),
  }
}

/** `/usr/bin/fdesetup status` and `fdesetup status` are the same command. */
export function commandKey([program, ...args]: Argv): string {
  return JSON.stringify([program.slice(program.lastIndexOf('/') + 1), ...args])
}

/** JSON bodies are the same whatever the order of their keys and their blanks. */
export function httpKey(
  asked: Pick<RecordedHttp, 'port' | 'method' | 'path' | 'requestBody'>,
): string {
  const { port, method, path, requestBody } = asked
  return JSON.stringify([port, method.toUpperCase(), path, canonical(requestBody)])
}

function canonical(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), (_key, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    )
  } catch {
    return body
  }
}
