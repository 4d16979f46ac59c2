import { spawnSync } from 'node:child_process'
import { lstatSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
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

/** Leaves the lock as another process would. */
function hold(path: string, holder: { identity: string; pid: number; host: string }): void {
  symlinkSync(JSON.stringify(holder), path)
}

/** Only who sees that the holder is dead gets in: patience would last longer than the test. */
const atOnce = { waitMs: 600_000, patienceMs: 600_000 }

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
    expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined()
  })

  it('gives the lock back after a failure', async () => {
    const path = makeLockPath()
    await expect(withFileLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await withFileLock(path, () => 'in')).toBe('in')
  })

  it('takes over from a process that is gone, at once, and one waiter at a time', async () => {
    const path = makeLockPath()
    hold(path, { identity: 'i', pid: deadPid(), host: hostname() })
    let inside = 0
    const enter = () =>
      withFileLock(
        path,
        async () => {
          inside += 1
          expect(inside).toBe(1)
          await new Promise((resolve) => setImmediate(resolve))
          inside -= 1
        },
        atOnce,
      )
    await Promise.all(Array.from({ length: 10 }, enter))
    expect(readdirSync(join(path, '..'))).toEqual([])
  })

  it('takes over a claim whose process is gone too', async () => {
    const path = makeLockPath()
    const dead = { pid: deadPid(), host: hostname() }
    hold(path, { identity: 'i', ...dead })
    hold(`${path}.i`, { identity: 'c', ...dead })
    expect(await withFileLock(path, () => 'in', atOnce)).toBe('in')
    expect(readdirSync(join(path, '..'))).toEqual([])
  })

  it.each([
    ['of another machine', (path: string) => hold(path, { identity: 'i', pid: 1, host: 'far' })],
    ['that is no lock of ours', (path: string) => writeFileSync(path, '')],
    ['that signed with something else', (path: string) => symlinkSync('nowhere', path)],
  ])('loses patience with a holder %s', async (_name, make) => {
    const path = makeLockPath()
    make(path)
    expect(await withFileLock(path, () => 'in', { patienceMs: 60 })).toBe('in')
  })

  it('ends with the name of the holder when the wait is over', async () => {
    const path = makeLockPath()
    const waiting = withFileLock(path, () => withFileLock(path, () => 'never', { waitMs: 50 }))
    await expect(waiting).rejects.toBeInstanceOf(LockTimeout)
    await expect(waiting).rejects.toThrow(String(process.pid))
  })
})
