import { randomBytes } from 'node:crypto'
import { constants, open, realpath, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ErrorCode } from '../../../preload/contract/base.ts'
import { errorInfo, StudioloError } from '../../core/errors.ts'

/** `~/x` in the account's home; any other path as it is. */
export function expandHome(path: string, homeDir: string): string {
  return path.startsWith('~/') ? join(homeDir, path.slice(2)) : path
}

/** Null where there is no such file. Rejects for what is no file, may not be read, or is larger than `maxBytes`. */
export async function readLocalFile(
  path: string,
  { maxBytes = 1_000_000, signal }: { maxBytes?: number; signal?: AbortSignal },
): Promise<Uint8Array | null> {
  signal?.throwIfAborted()
  try {
    // without O_NONBLOCK, opening a pipe waits for its writer
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    if (!(await file.stat()).isFile()) throw fileError('invalid-input', path, 'is not a file')
    // sizes in /proc are 0, and a file can grow: what counts is what can be read
    const bytes = Buffer.alloc(maxBytes + 1)
    let length = 0
    for (;;) {
      signal?.throwIfAborted()
      const { bytesRead } = await file.read(bytes, length, bytes.length - length)
      if (bytesRead === 0) return new Uint8Array(bytes.subarray(0, length))
      length += bytesRead
      if (length > maxBytes) throw fileError('invalid-input', path, `larger than ${maxBytes} bytes`)
    }
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw toFileError(error, path)
  }
}

/** Writes beside, then renames: whoever reads meanwhile sees the old file or the new one. Follows a link to the file behind it. */
export async function putLocalFile(
  path: string,
  bytes: Uint8Array,
  { mode = 0o600, signal }: { mode?: number; signal?: AbortSignal },
): Promise<void> {
  signal?.throwIfAborted()
  const target = await realpath(path).catch(() => path)
  const beside = `${target}.studiolo-${randomBytes(6).toString('hex')}`
  try {
    try {
      await using file = await open(beside, 'wx', 0o600)
      await file.writeFile(bytes)
      await file.chmod(mode)
      await file.sync()
      signal?.throwIfAborted()
      await rename(beside, target)
    } catch (error) {
      await rm(beside, { force: true })
      throw error
    }
  } catch (error) {
    throw toFileError(error, path)
  }
}

function toFileError(error: unknown, path: string): unknown {
  switch (systemCode(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return fileError('not-permitted', path, systemCode(error), error)
    case 'ENOENT':
    case 'ENOTDIR':
      return fileError('not-found', path, systemCode(error), error)
    case 'EISDIR':
      return fileError('invalid-input', path, 'is not a file', error)
    default:
      return error
  }
}

function fileError(code: ErrorCode, path: string, detail: string, cause?: unknown): StudioloError {
  return new StudioloError(errorInfo(code, { path }, `${path}: ${detail}`), { cause })
}

function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
