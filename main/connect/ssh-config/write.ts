import nodeFs from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { errorInfo, StudioloError } from '../../core/errors.ts'
import { type ConfigFile, detailOf, type FileSystem } from './files.ts'

const keptBackups = 3

/** `~/.ssh`, only for its owner. */
export function makeFolder(fs: FileSystem, dir: string): void {
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
}

/**
 * Writes beside, then renames: at every moment the file is the old or the new one. Keeps `owner`; without one the file is for its
 * owner only. `expected` is what the file must still hold right before it is replaced.
 */
export function replaceFile(
  fs: FileSystem,
  path: string,
  bytes: Buffer,
  { owner, expected }: { owner?: ConfigFile['owner']; expected?: Buffer | null } = {},
): void {
  const dir = dirname(path)
  removeLeftovers(fs, dir)
  // hidden, so that no `Include *` of the person takes it in
  const besidePath = join(dir, `.studiolo-${process.pid}.tmp`)
  try {
    writeWhole(fs, besidePath, bytes, owner ?? null)
    if (expected !== undefined && !isStill(fs, path, expected)) {
      throw new StudioloError(errorInfo('changed-meanwhile'))
    }
    fs.renameSync(besidePath, path)
  } catch (error) {
    fs.rmSync(besidePath, { force: true })
    if (error instanceof StudioloError) throw error
    throw new StudioloError(errorInfo('file-unwritable', { path }, detailOf(error)), {
      cause: error,
    })
  }
  syncFolder(fs, dir)
}

/** The newest three stay. `isHidden` where an Include of the person would take a backup in. */
export function backUp(
  fs: FileSystem,
  { path, bytes, owner }: ConfigFile,
  { now, isHidden }: { now: number; isHidden(path: string): boolean },
): void {
  if (bytes === null) return
  const name = `${backupPrefix(path)}${new Date(now).toISOString().replaceAll(':', '-')}`
  const dir = dirname(path)
  const backupPath = join(dir, name)
  replaceFile(fs, isHidden(backupPath) ? join(dir, `.${name}`) : backupPath, bytes, { owner })
  for (const old of backupsOf(fs, path).slice(0, -keptBackups)) fs.rmSync(old, { force: true })
}

/** The oldest first. */
export function backupsOf(fs: FileSystem, path: string): string[] {
  const dir = dirname(path)
  const prefix = backupPrefix(path)
  const time = (name: string) => name.slice(name.indexOf(prefix) + prefix.length)
  return fs
    .readdirSync(dir)
    .filter((name) => name.startsWith(prefix) || name.startsWith(`.${prefix}`))
    .toSorted((a, b) => (time(a) < time(b) ? -1 : 1))
    .map((name) => join(dir, name))
}

export function removeFile(fs: FileSystem, path: string): void {
  fs.rmSync(path, { force: true })
  syncFolder(fs, dirname(path))
}

function backupPrefix(path: string): string {
  return `${basename(path)}.studiolo-backup-`
}

function writeWhole(fs: FileSystem, path: string, bytes: Buffer, owner: ConfigFile['owner']): void {
  const file = fs.openSync(path, 'wx', 0o600)
  try {
    for (let written = 0; written < bytes.length; ) {
      written += fs.writeSync(file, bytes, written)
    }
    if (owner !== null) {
      const { uid, gid } = nodeFs.fstatSync(file)
      if (uid !== owner.uid || gid !== owner.gid) giveTo(fs, file, owner, uid)
    }
    fs.fchmodSync(file, owner?.mode ?? 0o600)
    fs.fsyncSync(file)
  } finally {
    fs.closeSync(file)
  }
}

/** Another group is no reason to give up; another owner is: ssh refuses a configuration that belongs to somebody else. */
function giveTo(
  fs: FileSystem,
  file: number,
  owner: NonNullable<ConfigFile['owner']>,
  uid: number,
): void {
  try {
    fs.fchownSync(file, owner.uid, owner.gid)
  } catch (error) {
    if (uid !== owner.uid) throw error
  }
}

function isStill(fs: FileSystem, path: string, expected: Buffer | null): boolean {
  const stat = fs.statSync(path, { throwIfNoEntry: false })
  if (stat === undefined || expected === null) return stat === undefined && expected === null
  return fs.readFileSync(path).equals(expected)
}

/** What a process left that was killed while it wrote. */
function removeLeftovers(fs: FileSystem, dir: string): void {
  for (const name of fs.readdirSync(dir)) {
    const [, pid] = /^\.studiolo-(\d+)\.tmp$/.exec(name) ?? []
    if (pid !== undefined && (Number(pid) === process.pid || isGone(Number(pid)))) {
      fs.rmSync(join(dir, name), { force: true })
    }
  }
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}

/** So that the new name outlives a power cut. Not every file system can. */
function syncFolder(fs: FileSystem, dir: string): void {
  try {
    const file = fs.openSync(dir, 'r')
    try {
      fs.fsyncSync(file)
    } finally {
      fs.closeSync(file)
    }
  } catch {
    // the file itself is whole all the same
  }
}
