import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import type { ErrorInfo } from '../../preload/contract/base.ts'
import {
  defaultSettings,
  type Settings,
  type SettingsState,
  settingsSchema,
} from '../../preload/contract/settings.ts'
import { errorInfo, StudioloError } from './errors.ts'
import type { SettingsStore } from './ports.ts'
import { type ParsedSettings, parseSettings } from './settings.ts'

/** What a SettingsStore needs of a file: electron-store and conf both serve it, see `main/node/settings-backing.ts`. */
export interface SettingsBacking {
  readonly path: string
  /** The file's text; null where there is no file. Throws where it cannot be read. */
  read(): string | null
  /** Writes beside, then renames; the file is old or new, never a third. Throws where it cannot. */
  write(settings: Settings): void
  /** Renames the file to `<path>.backup-<time>` and returns that path. */
  keepAside(): string
  /** One holder at a time, over all processes. Rejects with a {@link StudioloError} when it cannot be had. */
  lock<Result>(run: () => Result): Promise<Result>
  /** Calls a moment after the file changed, whoever changed it. */
  watch(listener: () => void): () => void
}

/**
 * The settings of one face. A corrupt file is kept aside at once, and what could be read of it stays in use; one of a
 * newer version is left alone: every `update` is then refused.
 */
export async function createSettingsStore(backing: SettingsBacking): Promise<SettingsStore> {
  const { path } = backing
  const listeners = new Set<(state: SettingsState) => void>()
  let state: SettingsState = { settings: defaultSettings, path, problem: null }
  /** Whether `state` came from a file, and so is more than what a corrupt one still tells. */
  let isLoaded = false
  let isClosed = false

  function become(settings: Settings, problem: ErrorInfo | null): SettingsState {
    const next = { settings, path, problem }
    if (JSON.stringify(next) === JSON.stringify(state)) return state
    state = next
    for (const listener of listeners) listener(state)
    return state
  }

  /** A file that was kept aside is spoken of until the person has seen it; any other problem ends with its cause. */
  function openProblem(): ErrorInfo | null {
    return state.problem?.code === 'settings-corrupt' ? state.problem : null
  }

  /** Under the lock: what the file holds now, after a corrupt one went aside. */
  function readAndRepair(): { settings: Settings; problem: ErrorInfo | null } {
    const parsed = readFile(backing)
    if (parsed === null) return { settings: state.settings, problem: openProblem() }
    if (parsed.kind === 'ok') return { settings: parsed.settings, problem: openProblem() }
    if (parsed.kind === 'newer') throw new StudioloError(newerProblem(path, parsed.version))
    const settings = isLoaded ? state.settings : parsed.settings
    const backupPath = backing.keepAside()
    if (!isDeepStrictEqual(settings, defaultSettings)) backing.write(settings)
    return { settings, problem: errorInfo('settings-corrupt', { path: backupPath }, parsed.detail) }
  }

  /** Takes over what the file holds; writes only to rescue a corrupt one. */
  async function load(): Promise<void> {
    try {
      const parsed = readFile(backing)
      if (parsed === null) {
        become(defaultSettings, openProblem())
      } else if (parsed.kind === 'ok') {
        become(parsed.settings, openProblem())
      } else if (parsed.kind === 'newer') {
        become(parsed.settings, newerProblem(path, parsed.version))
      } else {
        const { settings, problem } = await backing.lock(readAndRepair)
        become(settings, problem)
      }
      isLoaded = true
    } catch (error) {
      become(state.settings, problemOf(error, path))
    }
  }

  await load()
  const unwatch = backing.watch(() => {
    if (!isClosed) void load()
  })

  return {
    get: () => state,
    async update(change) {
      const onFile = <Result>(act: () => Result): Result => {
        try {
          return act()
        } catch (error) {
          throw new StudioloError(problemOf(error, path), { cause: error })
        }
      }
      return await backing.lock(() => {
        const { settings, problem } = onFile(readAndRepair)
        const next = settingsSchema.safeParse(change(settings))
        if (!next.success) {
          throw new StudioloError(errorInfo('invalid-input', {}, z.prettifyError(next.error)))
        }
        onFile(() => backing.write(next.data))
        isLoaded = true
        return become(next.data, problem)
      })
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    dismissProblem: () => become(state.settings, null),
    close() {
      isClosed = true
      unwatch()
      listeners.clear()
    },
  }
}

/** The settings as they are in the file now, for a program that only reads: nothing is written, locked or moved. */
export function readSettings(backing: Pick<SettingsBacking, 'path' | 'read'>): SettingsState {
  const { path } = backing
  try {
    const parsed = readFile(backing)
    if (parsed === null) return { settings: defaultSettings, path, problem: null }
    return { settings: parsed.settings, path, problem: readingProblem(parsed, path) }
  } catch (error) {
    return { settings: defaultSettings, path, problem: problemOf(error, path) }
  }
}

function readFile(backing: Pick<SettingsBacking, 'read'>): ParsedSettings | null {
  const text = backing.read()
  return text === null ? null : parseSettings(text)
}

function readingProblem(parsed: ParsedSettings, path: string): ErrorInfo | null {
  if (parsed.kind === 'corrupt') return errorInfo('settings-corrupt', { path }, parsed.detail)
  return parsed.kind === 'newer' ? newerProblem(path, parsed.version) : null
}

function newerProblem(path: string, version: number): ErrorInfo {
  return {
    code: 'settings-unwritable',
    message: { key: 'error.settings-newer', params: { path, version } },
  }
}

function problemOf(error: unknown, path: string): ErrorInfo {
  if (error instanceof StudioloError) return error.info
  const detail = error instanceof Error ? error.message : String(error)
  return errorInfo('settings-unwritable', { path }, detail)
}
