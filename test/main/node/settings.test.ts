import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readSettings } from '../../../main/core/settings-store.ts'
import { openSettings } from '../../../main/node/settings.ts'
import { readText } from '../../../main/node/settings-backing.ts'
import { defaultSettings, settingsSchema } from '../../../preload/contract/settings.ts'
import { addHost, sshHost } from '../../support/settings-hosts.ts'

const writerPath = fileURLToPath(import.meta.resolve('../../support/settings-writer.ts'))

function makeDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'studiolo-settings-'))
  onTestFinished(() => {
    chmodSync(dir, 0o700)
    rmSync(dir, { recursive: true })
  })
  return dir
}

async function open(path: string) {
  const store = await openSettings(path)
  onTestFinished(() => store.close())
  return store
}

interface Writer {
  process: ChildProcess
  /** The ids whose change was taken. */
  done: string[]
  ended: Promise<unknown>
}

function startWriter(path: string, prefix: string, count: number): Writer {
  const child = spawn(process.execPath, [writerPath, path, prefix, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const done: string[] = []
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    done.push(...lines)
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return { process: child, done, ended: once(child, 'close') }
}

function hostIds(path: string): string[] {
  return settingsSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).hosts.map((host) => host.id)
}

describe('the settings file', () => {
  it('is readable by its owner only, as are its folder and its backups', async () => {
    const dir = join(makeDir(), 'new')
    const path = join(dir, 'settings.json')
    const store = await open(path)
    await store.update(addHost('a'))
    expect(statSync(dir).mode & 0o777).toBe(0o700)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    chmodSync(path, 0o644)
    await store.update(addHost('b'))
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(dir)).toEqual(['settings.json'])
  })

  it('is still written beside and renamed when a snap started us', async () => {
    const path = join(makeDir(), 'settings.json')
    process.env.SNAP = '/snap/code/1'
    onTestFinished(() => {
      delete process.env.SNAP
    })
    const store = await open(path)
    await store.update(addHost('a'))
    const before = statSync(path).ino
    await store.update(addHost('b'))
    expect(statSync(path).ino).not.toBe(before)
    expect(process.env.SNAP).toBe('/snap/code/1')
  })

  it('may be a link, and stays one', async () => {
    const dir = makeDir()
    mkdirSync(join(dir, 'dotfiles'))
    symlinkSync(join(dir, 'dotfiles', 'studiolo.json'), join(dir, 'settings.json'))
    const store = await open(join(dir, 'settings.json'))
    await store.update(addHost('a'))
    expect(hostIds(join(dir, 'dotfiles', 'studiolo.json'))).toEqual(['a'])
  })

  it('says that it cannot be read', async () => {
    const path = join(makeDir(), 'settings.json')
    mkdirSync(path)
    const store = await open(path)
    expect(store.get()).toMatchObject({
      settings: defaultSettings,
      problem: { code: 'settings-unwritable', message: { params: { path } } },
    })
    await expect(store.update(addHost('a'))).rejects.toMatchObject({
      info: { code: 'settings-unwritable', message: { params: { path } } },
    })
  })

  it('says that its folder cannot be made', async () => {
    const file = join(makeDir(), 'file')
    writeFileSync(file, '')
    const store = await open(join(file, 'settings.json'))
    await expect(store.update(addHost('a'))).rejects.toMatchObject({
      info: { code: 'settings-unwritable' },
    })
  })

  it('says that somebody holds it', async () => {
    const path = join(makeDir(), 'settings.json')
    symlinkSync(JSON.stringify({ identity: 'x', pid: process.pid, host: 'far' }), `${path}.lock`)
    const store = await openSettings(path, Date.now, { waitMs: 50 })
    onTestFinished(() => store.close())
    await expect(store.update(addHost('a'))).rejects.toMatchObject({
      info: { code: 'settings-locked', message: { params: { path } } },
    })
  })

  it('is only read by a program that only reads', () => {
    const dir = makeDir()
    const path = join(dir, 'settings.json')
    writeFileSync(path, '\0\0\0')
    expect(readSettings({ path, read: () => readText(path) })).toMatchObject({
      settings: defaultSettings,
      problem: { code: 'settings-corrupt', message: { params: { path } } },
    })
    expect(readdirSync(dir)).toEqual(['settings.json'])
  })
})

describe('several processes', () => {
  it('lose nothing when they write at once', async () => {
    const path = join(makeDir(), 'settings.json')
    const writers = ['a', 'b', 'c'].map((prefix) => startWriter(path, prefix, 8))
    await Promise.all(writers.map((writer) => writer.ended))
    const expected = ['a', 'b', 'c'].flatMap((prefix) =>
      Array.from({ length: 8 }, (_, index) => `${prefix}-${index}`),
    )
    expect(hostIds(path).toSorted()).toEqual(expected.toSorted())
  })

  it('leave the file old or new when one is killed, and the next one goes on at once', async () => {
    const dir = makeDir()
    const path = join(dir, 'settings.json')
    // patience with a holder would outlast the test: only who sees that the writer is dead gets in
    const store = await openSettings(path, Date.now, { waitMs: 600_000, patienceMs: 600_000 })
    onTestFinished(() => store.close())
    await store.update(addHost('first'))
    const taken = ['first']
    for (let round = 0; round < 6; round += 1) {
      const writer = startWriter(path, `r${round}`, 10_000)
      await once(writer.process.stdout ?? writer.process, 'data')
      const pauseMs = Math.random() * 30
      const killAt = performance.now() + pauseMs
      // reads the whole time: never anything but a whole file
      while (performance.now() < killAt) {
        hostIds(path)
        await new Promise((resolve) => setImmediate(resolve))
      }
      writer.process.kill('SIGKILL')
      await writer.ended
      const ids = hostIds(path)
      const own = ids.filter((id) => id.startsWith(`r${round}-`))
      // each change that was taken is there; at most one more, that was not told any more
      expect(own.slice(0, writer.done.length)).toEqual(writer.done)
      expect(own.length - writer.done.length).toBeLessThanOrEqual(1)
      expect(ids.slice(0, taken.length)).toEqual(taken)
      await store.update(addHost(`after-${round}`))
      taken.splice(0, taken.length, ...hostIds(path))
    }
    expect(readdirSync(dir)).toEqual(['settings.json'])
    expect(store.get().settings.hosts[0]).toEqual(sshHost('first'))
  })
})
