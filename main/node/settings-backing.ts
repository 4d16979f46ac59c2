import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, watch } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type Conf from 'conf'
import type { Options } from 'conf'
import type { Settings } from '../../preload/contract/settings.ts'
import { errorInfo, StudioloError } from '../core/errors.ts'
import { formatSettings } from '../core/settings.ts'
import type { SettingsBacking } from '../core/settings-store.ts'
import { type FileLockOptions, LockTimeout, withFileLock } from './file-lock.ts'

/** Events come in bursts, and an editor may empty a file before it fills it. */
const settleMs = 200

/**
 * How conf, and electron-store which is built on it, are to hold the file: no defaults, schema or migrations of their
 * own (those are in `main/core/settings.ts`), and no error for a corrupt file, which is ours to keep aside.
 */
export function confOptions(path: string) {
  return {
    cwd: dirname(path),
    configFileMode: 0o600,
    serialize: (settings) => formatSettings(settings as Settings),
    deserialize: (text) => {
      try {
        return JSON.parse(text)
      } catch {
        return {}
      }
    },
  } satisfies Options<Record<string, unknown>>
}

export interface BackingOptions extends FileLockOptions {
  /** The path that {@link confOptions} was given. */
  path: string
  /** Called before the first write: conf and its validator take 8 MB, and opening reads the file, which may not be readable. */
  open(): Conf<Record<string, unknown>> | Promise<Conf<Record<string, unknown>>>
  now(): number
}

/** The settings file on disk. */
export function createSettingsBacking({
  path,
  open,
  now,
  ...lock
}: BackingOptions): SettingsBacking {
  const dir = dirname(path)
  let conf: Conf<Record<string, unknown>> | null = null

  function makeDir(): void {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
  }

  return {
    path,
    read: () => readText(path),
    write(settings) {
      if (conf === null) throw new Error('a write outside of the lock')
      const opened = conf
      removeLeftovers(path)
      withoutSnap(() => {
        opened.store = { ...settings }
      })
    },
    keepAside() {
      const time = new Date(now()).toISOString().replaceAll(':', '-')
      const backupPath = `${path}.backup-${time}`
      renameSync(path, backupPath)
      return backupPath
    },
    async lock(run) {
      try {
        makeDir()
        conf ??= await open()
        return await withFileLock(`${path}.lock`, run, lock)
      } catch (error) {
        if (error instanceof LockTimeout) {
          throw new StudioloError(errorInfo('settings-locked', { path }, error.message))
        }
        if (isFileError(error)) {
          throw new StudioloError(errorInfo('settings-unwritable', { path }, error.message))
        }
        throw error
      }
    },
    watch(listener) {
      try {
        makeDir()
      } catch {
        // a place that cannot be written does not change by another face either
        return () => {}
      }
      let timer: NodeJS.Timeout | undefined
      const watcher = watch(dir, { persistent: false }, (_event, name) => {
        if (name !== null && name !== basename(path)) return
        clearTimeout(timer)
        timer = setTimeout(listener, settleMs)
        timer.unref()
      })
      // the folder was removed, or the system has no more watches: the file is still read before each write
      watcher.on('error', () => watcher.close())
      return () => {
        clearTimeout(timer)
        watcher.close()
      }
    },
  }
}

/** Null where there is no file; throws for any other trouble. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isFileError(error) && error.code === 'ENOENT') return null
    throw error
  }
}

/** Under the lock, a temporary file can only be what a writer left that was killed. */
function removeLeftovers(path: string): void {
  const prefix = `${basename(path)}.tmp-`
  for (const name of readdirSync(dirname(path))) {
    if (name.startsWith(prefix)) rmSync(join(dirname(path), name), { force: true })
  }
}

/** conf 16 writes in place, not beside, where it finds itself started from a snap, such as an editor's terminal. */
function withoutSnap(run: () => void): void {
  const { SNAP } = process.env
  delete process.env.SNAP
  try {
    run()
  } finally {
    if (SNAP !== undefined) process.env.SNAP = SNAP
  }
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}
