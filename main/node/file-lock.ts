import { randomBytes } from 'node:crypto'
import { lstatSync, readlinkSync, symlinkSync, unlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'

export interface FileLockOptions {
  /** How long to wait for the lock. @default 5000 */
  waitMs?: number
  /** A holder that is watched for so long without an end is given up, alive or not. @default 3000 */
  patienceMs?: number
}

/** The lock could not be had in time; `holder` is what its file says. */
export class LockTimeout extends Error {
  readonly holder: string
  constructor(lockPath: string, holder: string) {
    super(`${lockPath} is held by ${holder}`)
    this.name = 'LockTimeout'
    this.holder = holder
  }
}

interface Holder {
  /** Different for each acquisition. */
  identity: string
  pid: number | null
  host: string | null
  text: string
}

/**
 * Runs `run` while no other process that asks for the same `lockPath` does. The lock is a symbolic link to nowhere whose
 * target names its holder: made in one call, so that it never stands there unsigned, and one whose process was killed is
 * taken over at once. The folder must exist.
 */
export async function withFileLock<Result>(
  lockPath: string,
  run: () => Result | Promise<Result>,
  { waitMs = 5000, patienceMs = 3000 }: FileLockOptions = {},
): Promise<Result> {
  const deadline = performance.now() + waitMs
  let watched = { identity: '', since: 0 }
  let mine = create(lockPath)
  while (mine === null) {
    const holder = look(lockPath)
    const now = performance.now()
    if (holder !== null) {
      if (watched.identity !== holder.identity) watched = { identity: holder.identity, since: now }
      if (isGone(holder) || now - watched.since > patienceMs) clear(lockPath, holder.identity)
      else if (now > deadline) throw new LockTimeout(lockPath, holder.text || 'another program')
      else await delay(5 + Math.random() * 15)
    }
    mine = create(lockPath)
  }
  try {
    return await run()
  } finally {
    if (look(lockPath)?.identity === mine) remove(lockPath)
  }
}

function create(path: string): string | null {
  const identity = randomBytes(8).toString('hex')
  try {
    symlinkSync(JSON.stringify({ identity, pid: process.pid, host: hostname() }), path)
    return identity
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return null
    throw error
  }
}

function look(path: string): Holder | null {
  try {
    const text = readlinkSync(path)
    const { identity, pid, host } = JSON.parse(text)
    return { identity: String(identity), pid: Number(pid), host: String(host), text }
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? null : lookAtStrange(path)
  }
}

/** What stands in the lock's place and is none of ours. */
function lookAtStrange(path: string): Holder | null {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found ? { identity: `inode-${found.ino}`, pid: null, host: null, text: '' } : null
}

function isGone({ pid, host }: Holder): boolean {
  if (pid === null || host !== hostname()) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return codeOf(error) === 'ESRCH'
  }
}

/**
 * Removes the lock of exactly this holder. Two waiters may come here for the same one: whoever makes the claim, a lock
 * named after the holder, looks again before removing, so that the late one never removes the lock of the next holder.
 */
function clear(path: string, identity: string): void {
  const claimPath = `${path}.${identity}`
  if (create(claimPath) === null) {
    const claimant = look(claimPath)
    if (claimant !== null && isGone(claimant)) clear(claimPath, claimant.identity)
    return
  }
  try {
    if (look(path)?.identity === identity) remove(path)
  } finally {
    remove(claimPath)
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null
}
