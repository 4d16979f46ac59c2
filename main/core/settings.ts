import * as z from 'zod'
import { defaultSettings, type Settings, settingsSchema } from '../../preload/contract/settings.ts'

export const settingsVersion = defaultSettings.version

/** One step of a migration: from the version it is filed under to the next one. Pure; `raw` is what the file held. */
export type Migration = (raw: Record<string, unknown>) => Record<string, unknown>

/** By the version they start from. A released version's step never changes again. */
const migrations: Readonly<Record<number, Migration>> = {
  1: ({ preferredEditor = 'cursor', hosts, ...rest }) => ({
    ...rest,
    hosts: Array.isArray(hosts)
      ? hosts.map((host: unknown) => (isRecord(host) ? { ...newHostFieldsOf2, ...host } : host))
      : hosts,
    preferredToolId: preferredEditor,
    isSshConfigOffered: false,
    isNotified: true,
  }),
}

/** What a Host of version 2 has beside what it had before. */
const newHostFieldsOf2 = {
  ...{ alias: null, isControlMasterOn: false },
  ...{ tailnetNodeId: null, tailnetName: null, lanAddress: null, macAddress: null },
}

/**
 * What a settings file holds. `settings` are always usable: of a `corrupt` or `newer` file they are all that could be
 * read of it, with defaults for the rest.
 */
export type ParsedSettings =
  | { kind: 'ok'; settings: Settings }
  | { kind: 'corrupt'; settings: Settings; detail: string }
  | { kind: 'newer'; settings: Settings; version: number }

const versionSchema = z.object({ version: z.int().min(1) })

/** Total: any text has an answer. */
export function parseSettings(text: string): ParsedSettings {
  let raw: unknown
  try {
    raw = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text)
  } catch (error) {
    return corrupt({}, error instanceof Error ? error.message : 'not JSON')
  }
  if (!isRecord(raw)) return corrupt({}, 'not a JSON object')
  const versioned = versionSchema.safeParse(raw)
  if (!versioned.success) return corrupt(raw, z.prettifyError(versioned.error))
  const { version } = versioned.data
  if (version > settingsVersion) return { kind: 'newer', settings: salvage(raw), version }
  let migrated: Record<string, unknown>
  try {
    migrated = migrate(raw, version)
  } catch (error) {
    return corrupt(raw, error instanceof Error ? error.message : String(error))
  }
  const parsed = settingsSchema.safeParse(migrated)
  if (!parsed.success) return corrupt(migrated, z.prettifyError(parsed.error))
  const twice = firstTwice(parsed.data.hosts.map((host) => host.id))
  if (twice !== null) return corrupt(migrated, `two hosts with the id ${JSON.stringify(twice)}`)
  return { kind: 'ok', settings: parsed.data }
}

/**
 * Takes `raw` step by step from version `from` to `to`. Throws where a step is missing.
 *
 * @example
 * migrate({ version: 1, lang: 'en' }, 1, { 1: ({ lang, ...rest }) => ({ ...rest, language: lang }) }, 2)
 * // { version: 2, language: 'en' }
 */
export function migrate(
  raw: Record<string, unknown>,
  from: number,
  steps: Readonly<Record<number, Migration>> = migrations,
  to: number = settingsVersion,
): Record<string, unknown> {
  let current = raw
  for (let version = from; version < to; version += 1) {
    const step = steps[version]
    if (step === undefined) throw new Error(`no migration from settings version ${version}`)
    current = { ...step(current), version: version + 1 }
  }
  return current
}

/** The text of a settings file. */
export function formatSettings(settings: Settings): string {
  return `${JSON.stringify(settings, null, 2)}\n`
}

export interface Place {
  platform: NodeJS.Platform
  env: Readonly<Record<string, string | undefined>>
  homeDir: string
}

/**
 * The one settings file of all three faces.
 *
 * @example
 * settingsPath({ platform: 'darwin', env: {}, homeDir: '/Users/ana' })
 * // '/Users/ana/Library/Application Support/Studiolo/settings.json'
 * settingsPath({ platform: 'linux', env: {}, homeDir: '/home/ana' }) // '/home/ana/.config/studiolo/settings.json'
 */
export function settingsPath({ platform, env, homeDir }: Place): string {
  if (platform === 'darwin') {
    return `${homeDir}/Library/Application Support/Studiolo/settings.json`
  }
  return `${xdgDir(env.XDG_CONFIG_HOME) ?? `${homeDir}/.config`}/studiolo/settings.json`
}

/** Where the log files go: `~/Library/Logs/Studiolo`, on Linux `$XDG_STATE_HOME/studiolo/logs`. */
export function logsDir({ platform, env, homeDir }: Place): string {
  if (platform === 'darwin') return `${homeDir}/Library/Logs/Studiolo`
  return `${xdgDir(env.XDG_STATE_HOME) ?? `${homeDir}/.local/state`}/studiolo/logs`
}

/** What can be asked again: `~/Library/Caches/Studiolo`, on Linux `$XDG_CACHE_HOME/studiolo`. */
export function cachesDir({ platform, env, homeDir }: Place): string {
  if (platform === 'darwin') return `${homeDir}/Library/Caches/Studiolo`
  return `${xdgDir(env.XDG_CACHE_HOME) ?? `${homeDir}/.cache`}/studiolo`
}

/** The XDG specification: a path that is not absolute is to be ignored. */
function xdgDir(value: string | undefined): string | null {
  return value?.startsWith('/') ? value.replace(/\/+$/, '') : null
}

function corrupt(raw: Record<string, unknown>, detail: string): ParsedSettings {
  return { kind: 'corrupt', settings: salvage(raw), detail }
}

/** Every field that is right by itself, every host that is; defaults for the rest. */
function salvage(raw: Record<string, unknown>): Settings {
  const settings: Record<string, unknown> = { ...defaultSettings }
  for (const [field, schema] of Object.entries(settingsSchema.shape)) {
    if (field === 'version' || field === 'hosts') continue
    const parsed = schema.safeParse(raw[field])
    if (parsed.success) settings[field] = parsed.data
  }
  const ids = new Set<string>()
  const hosts = Array.isArray(raw.hosts) ? raw.hosts : []
  settings.hosts = hosts.flatMap((host: unknown) => {
    const parsed = settingsSchema.shape.hosts.element.safeParse(host)
    if (!parsed.success || ids.has(parsed.data.id)) return []
    ids.add(parsed.data.id)
    return [parsed.data]
  })
  return settingsSchema.parse(settings)
}

function firstTwice(ids: readonly string[]): string | null {
  return ids.find((id, index) => ids.indexOf(id) !== index) ?? null
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
