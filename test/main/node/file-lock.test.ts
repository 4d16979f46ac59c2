import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { LockTimeout, withFileLock } from '../../../main/node/file-lock.ts'

function makeLockPath(): string {
  const dir = mkdtempSync(join(tmpdir(), 'studiolo-lock-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  return join(dir, 'lock')
}

/** The number of a process that was there and is no more. */
function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid
}

describe('withFileLock', () => {
  it('lets in one at a time', async () => {
    const path = makeLockPath()
    let inside = 0
    let most = 0
    const enter = () =>
      withFileLock(path, async () => {
        inside += 1
        most = Math.max(most, inside)
        await new Promise((resolve) => setImmediate(resolve))
        inside -= 1
      })
    await Promise.all(Array.from({ length: 20 }, enter))
    expect(most).toBe(1)
    expect(existsSync(path)).toBe(false)
  })

  it('gives the lock back after a failure', async () => {
    const path = makeLockPath()
    await expect(withFileLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await withFileLock(path, () => 'in')).toBe('in')
  })

  it('takes over from a process that is gone, at once, and one waiter at a time', async () => {
    const path = makeLockPath()
    writeFileSync(path, JSON.stringify({ identity: 'i', pid: deadPid(), host: hostname() }))
    let inside = 0
    const enter = () =>
      withFileLock(path, async () => {
        inside += 1
        expect(inside).toBe(1)
        await new Promise((resolve) => setImmediate(resolve))
        inside -= 1
      })
    const startedAt = performance.now()
    await Promise.all(Array.from({ length: 10 }, enter))
    expect(performance.now() - startedAt).toBeLessThan(2000)
    expect(readdirSync(join(path, '..'))).toEqual([])
  })

  it('takes over a claim whose process is gone too', async () => {
    const path = makeLockPath()
    const dead = { pid: deadPid(), host: hostname() }
    writeFileSync(path, JSON.stringify({ identity: 'i', ...dead }))
    writeFileSync(`${path}.i`, JSON.stringify({ identity: 'c', ...dead }))
    expect(await withFileLock(path, () => 'in')).toBe('in')
    expect(readdirSync(join(path, '..'))).toEqual([])
  })

  it.each([
    ['of another machine', JSON.stringify({ identity: 'i', pid: 1, host: 'far away' })],
    ['that died before it signed', ''],
  ])('loses patience with a holder %s', async (_name, text) => {
    const path = makeLockPath()
    writeFileSync(path, text)
    expect(await withFileLock(path, () => 'in', { patienceMs: 60 })).toBe('in')
  })

  it('ends with the name of the holder when the wait is over', async () => {
    const path = makeLockPath()
    const waiting = withFileLock(path, () => withFileLock(path, () => 'never', { waitMs: 50 }))
    await expect(waiting).rejects.toBeInstanceOf(LockTimeout)
    await expect(waiting).rejects.toThrow(String(process.pid))
  })
})
