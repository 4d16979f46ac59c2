import nodeFs from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { ErrorInfo } from '../../../preload/contract/base.ts'
import { errorInfo } from '../../core/errors.ts'
import { hasByteOrderMark } from './edit.ts'

/** What the editing of files calls; a test may stop it before any of these. */
export type FileSystem = Pick<
  typeof nodeFs,
  | 'accessSync'
  | 'closeSync'
  | 'fchmodSync'
  | 'fchownSync'
  | 'fsyncSync'
  | 'lstatSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readdirSync'
  | 'readFileSync'
  | 'readlinkSync'
  | 'realpathSync'
  | 'renameSync'
  | 'rmSync'
  | 'statSync'
  | 'writeSync'
>

/** The person's file, where it leads if it is a link, and what is in it. */
export interface ConfigFile {
  path: string
  resolvedPath: string
  /** Null where there is no such file yet. */
  bytes: Buffer | null
  owner: { mode: number; uid: number; gid: number } | null
  /** Why it cannot be changed. */
  problem: ErrorInfo | null
}

const maxLinks = 40

/** Reads, and looks whether it could be written; changes nothing. */
export function lookAtConfig(fs: FileSystem, path: string): ConfigFile {
  const none = { path, resolvedPath: path, bytes: null, owner: null }
  try {
    const resolvedPath = followLinks(fs, path)
    const stat = fs.statSync(resolvedPath, { throwIfNoEntry: false })
    if (stat === undefined) {
      return { ...none, resolvedPath, problem: folderProblem(fs, dirname(resolvedPath)) }
    }
    if (!stat.isFile()) return { ...none, resolvedPath, problem: problemOf('not-a-file', path) }
    const bytes = fs.readFileSync(resolvedPath)
    const owner = { mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid }
    const problem = hasByteOrderMark(bytes)
      ? problemOf('byte-order-mark', path)
      : isReadOnly(fs, resolvedPath, stat.mode)
        ? problemOf('file-read-only', resolvedPath)
        : folderProblem(fs, dirname(resolvedPath))
    return { path, resolvedPath, bytes, owner, problem }
  } catch (error) {
    return { ...none, problem: problemOf('unreadable', path, detailOf(error)) }
  }
}

/** Where a chain of links ends; its end need not be there. */
function followLinks(fs: FileSystem, path: string): string {
  let current = path
  for (let count = 0; count <= maxLinks; count++) {
    const parent = dirname(current)
    if (fs.statSync(parent, { throwIfNoEntry: false }) === undefined) return current
    current = join(fs.realpathSync(parent), basename(current))
    const stat = fs.lstatSync(current, { throwIfNoEntry: false })
    if (stat?.isSymbolicLink() !== true) return current
    current = resolve(dirname(current), fs.readlinkSync(current))
  }
  throw new Error(`too many links from ${path}`)
}

/** By its mode too: root may write everything, and the person who took the right away meant it. */
function isReadOnly(fs: FileSystem, path: string, mode: number): boolean {
  if ((mode & 0o200) === 0) return true
  try {
    fs.accessSync(path, nodeFs.constants.W_OK)
    return false
  } catch {
    return true
  }
}

/** A folder that is not there yet can be made; `~/.ssh` is the only one that is. */
function folderProblem(fs: FileSystem, dir: string): ErrorInfo | null {
  const stat = fs.statSync(dir, { throwIfNoEntry: false })
  if (stat === undefined) {
    return basename(dir) === '.ssh' ? folderProblem(fs, dirname(dir)) : problemOf('unreadable', dir)
  }
  return isReadOnly(fs, dir, stat.mode) ? problemOf('folder-read-only', dir) : null
}

export function problemOf(
  kind:
    | 'byte-order-mark'
    | 'file-read-only'
    | 'folder-read-only'
    | 'not-a-file'
    | 'own-path-taken'
    | 'unreadable',
  path: string,
  detail?: string,
): ErrorInfo {
  const info = errorInfo('file-unwritable', { path }, detail)
  return { ...info, message: { key: `connect.ssh-config.${kind}`, params: { path } } }
}

/** A file's text; null where there is none. */
export function readTextIfThere(fs: FileSystem, path: string): string | null {
  return fs.statSync(path, { throwIfNoEntry: false }) === undefined
    ? null
    : fs.readFileSync(path, 'utf8')
}

export function detailOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
