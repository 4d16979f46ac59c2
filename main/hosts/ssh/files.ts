import { randomBytes } from 'node:crypto'
import type { ErrorCode } from '../../../preload/contract/base.ts'
import { errorInfo, StudioloError } from '../../core/errors.ts'
import { environmentScript, quotePosix } from '../quote.ts'
import type { SessionOutput } from './run.ts'

/** Prints a file, and at most one byte more than `maxBytes`, which tells that it is too large. */
export function readScript(path: string, maxBytes: number): string {
  return `${environmentScript}; f=${quotePath(path)}; exec head -c ${maxBytes + 1} <"$f"`
}

/** Null where there is no such file. Throws for what is no file, may not be read, or is larger than `maxBytes`. */
export function readResult(
  output: SessionOutput,
  path: string,
  maxBytes: number,
): Uint8Array | null {
  const complaint = output.stderr.toString()
  if (output.exitCode !== 0) {
    if (/No such file|Not a directory/i.test(complaint)) return null
    throw fileError(path, complaint)
  }
  if (output.stdout.length > maxBytes) {
    throw failure('invalid-input', path, `larger than ${maxBytes} bytes`)
  }
  return new Uint8Array(output.stdout)
}

/** Writes what comes as standard input beside the file, and renames only when all of it has arrived. Follows a link. */
export function putScript(path: string, size: number, mode: number): string {
  const suffix = `.studiolo-${randomBytes(6).toString('hex')}`
  return [
    environmentScript,
    `f=${quotePath(path)}; r=$(readlink -f "$f" 2>/dev/null) && [ -n "$r" ] && f=$r`,
    `t=$f${suffix}; umask 077`,
    `trap 'rm -f "$t"' EXIT; trap 'exit 1' HUP INT TERM`,
    '[ ! -d "$f" ] || { echo "Is a directory" >&2; exit 1; }',
    `cat >"$t" && [ "$(wc -c <"$t")" -eq ${size} ] && chmod ${mode.toString(8)} "$t" && mv -f "$t" "$f"`,
  ].join('; ')
}

/** Throws unless the file was put. */
export function checkPut(output: SessionOutput, path: string): void {
  if (output.exitCode !== 0) throw fileError(path, output.stderr.toString())
}

/** `~/` is the account's home; everything else is literal. */
function quotePath(path: string): string {
  return path.startsWith('~/') ? `"$HOME"/${quotePosix([path.slice(2)])}` : quotePosix([path])
}

function fileError(path: string, complaint: string): StudioloError {
  const said = complaint.trim().split('\n').at(-1) ?? ''
  if (/permission denied|not permitted|read-only/i.test(said)) {
    return failure('not-permitted', path, said)
  }
  if (/no such file|nonexistent|not a directory/i.test(said)) {
    return failure('not-found', path, said)
  }
  if (/is a directory/i.test(said)) return failure('invalid-input', path, 'is a folder')
  return failure('server-error', path, said || 'not all bytes arrived')
}

function failure(code: ErrorCode, path: string, detail: string): StudioloError {
  return new StudioloError(errorInfo(code, { path }, `${path}: ${detail}`))
}
