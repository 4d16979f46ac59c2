import {
  chmodSync,
  existsSync,
  lstatSync,
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
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { putKey } from '../../../../main/connect/key-set-up/authorized-keys.ts'
import type { PublicKey } from '../../../../main/connect/key-set-up/public-key.ts'
import { systemClock } from '../../../../main/core/clock.ts'
import { createLocalHost } from '../../../../main/hosts/local.ts'
import { silentLog } from '../../../support/silent-log.ts'

const blob = 'AAAAC3NzaC1lZDI1NTE5AAAAIJ7l0Zg2Pj0zV3rOa2mM1tY8qvGAp0q4o9pF3mYxKcWd'
const key: PublicKey = { type: 'ssh-ed25519', blob, comment: 'ana@macbook' }
const line = `ssh-ed25519 ${blob} ana@macbook\n`
const other = 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 bob@office\n'

let home: string
let binDir: string
const path = (name = 'authorized_keys') => join(home, '.ssh', name)
const modeOf = (at: string) => statSync(at).mode & 0o7777
const { signal } = new AbortController()

/** As on the far side: the script runs in a home folder of its own, with this program as `sh`. */
function hostWith(shell = '/bin/sh') {
  rmSync(join(binDir, 'sh'), { force: true })
  symlinkSync(shell, join(binDir, 'sh'))
  const env = { ...process.env, PATH: `${binDir}:/usr/bin:/bin` }
  return createLocalHost({ id: 'far', clock: systemClock, log: silentLog, homeDir: home, env })
}

function write(text: string, mode = 0o600) {
  mkdirSync(join(home, '.ssh'), { mode: 0o700 })
  writeFileSync(path(), text)
  chmodSync(path(), mode)
}

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'studiolo-far-'))
  binDir = mkdtempSync(join(tmpdir(), 'studiolo-bin-'))
})
afterEach(() => {
  for (const dir of [home, binDir]) rmSync(dir, { recursive: true, force: true })
})

describe.each(['/bin/dash', '/bin/bash', '/usr/bin/zsh'].filter(existsSync))('in %s', (shell) => {
  test('a new account gets folder and file for itself alone', async () => {
    expect(await putKey(hostWith(shell), key, signal)).toEqual({
      ...{ state: 'added', path: path(), isHomeOpen: false },
    })
    expect(readFileSync(path(), 'utf8')).toBe(line)
    expect([modeOf(join(home, '.ssh')), modeOf(path())]).toEqual([0o700, 0o600])
  })

  test('what is there stays, byte for byte, and a missing end of line is added first', async () => {
    const before = `# 模型 \r\n\n  command="echo 'a  b'",no-pty ${other.trim()}`
    write(before, 0o640)
    await putKey(hostWith(shell), key, signal)
    expect(readFileSync(path(), 'utf8')).toBe(`${before}\n${line}`)
    expect(modeOf(path())).toBe(0o640)
    expect(readdirSync(join(home, '.ssh'))).toEqual(['authorized_keys'])
  })
})

test('the same key under another comment, or behind options, is not added again', async () => {
  for (const known of [
    `ssh-ed25519 ${blob} another name\n`,
    `restrict,from="10.0.0.0/8" ssh-ed25519 ${blob}`,
    `${other}ssh-ed25519 ${blob}\r\n`,
  ]) {
    rmSync(join(home, '.ssh'), { recursive: true, force: true })
    write(known)
    const before = statSync(path())
    expect((await putKey(hostWith(), key, signal)).state).toBe('present')
    const { ino, mtimeMs, ctimeMs } = statSync(path())
    expect([ino, mtimeMs, ctimeMs]).toEqual([before.ino, before.mtimeMs, before.ctimeMs])
    expect(readFileSync(path(), 'utf8')).toBe(known)
  }
})

test('a key that was commented out does not count', async () => {
  write(` # ssh-ed25519 ${blob} old\n`)
  expect((await putKey(hostWith(), key, signal)).state).toBe('added')
  expect(readFileSync(path(), 'utf8')).toBe(` # ssh-ed25519 ${blob} old\n${line}`)
})

test('a link stays a link, and what it leads to gets the key', async () => {
  const target = join(home, 'dotfiles-keys')
  writeFileSync(target, other, { mode: 0o600 })
  mkdirSync(join(home, '.ssh'), { mode: 0o700 })
  symlinkSync('../dotfiles-keys', path())
  expect((await putKey(hostWith(), key, signal)).path).toBe(target)
  expect(lstatSync(path()).isSymbolicLink()).toBe(true)
  expect(readFileSync(target, 'utf8')).toBe(other + line)
})

test('others lose the right to write, which makes sshd ignore the file', async () => {
  write(other, 0o664)
  chmodSync(join(home, '.ssh'), 0o775)
  await putKey(hostWith(), key, signal)
  expect([modeOf(join(home, '.ssh')), modeOf(path())]).toEqual([0o755, 0o644])
  chmodSync(path(), 0o666)
  expect((await putKey(hostWith(), key, signal)).state).toBe('present')
  expect(modeOf(path())).toBe(0o644)
})

test('a home folder that others may write into is said, and left as it is', async () => {
  for (const mode of [0o775, 0o757]) {
    chmodSync(home, mode)
    expect((await putKey(hostWith(), key, signal)).isHomeOpen).toBe(true)
    expect(modeOf(home)).toBe(mode)
  }
})

test('stat of macOS, which knows no -c, tells the mode as well', async () => {
  // usage of both programs: stat(1) of GNU coreutils and of macOS
  const macStat = `#!/bin/sh\n[ "$1" = -f ] && [ "$2" = %Lp ] && exec /usr/bin/stat -c %a "$3"\necho 'stat: illegal option -- c' >&2; exit 1\n`
  writeFileSync(join(binDir, 'stat'), macStat, { mode: 0o755 })
  write(other, 0o644)
  await putKey(hostWith(), key, signal)
  expect([readFileSync(path(), 'utf8'), modeOf(path())]).toEqual([other + line, 0o644])
})

test('half a key is not put: the connection may end in between', async () => {
  write(other)
  const host = hostWith()
  const cut: typeof host = {
    ...host,
    run: (argv, options) => host.run(argv, { ...options, stdin: line.slice(0, 50) }),
  }
  await expect(putKey(cut, key, signal)).rejects.toMatchObject({
    info: { code: 'file-unwritable', detail: 'not all of the key arrived' },
  })
  expect(readFileSync(path(), 'utf8')).toBe(other)
})

test('where it cannot be written, nothing changes and the reason is given', async () => {
  mkdirSync(path(), { recursive: true })
  await expect(putKey(hostWith(), key, signal)).rejects.toMatchObject({
    info: { code: 'file-unwritable', detail: `${path()} is no file` },
  })
  rmSync(join(home, '.ssh'), { recursive: true })
  writeFileSync(join(home, '.ssh'), 'a file where a folder should be')
  await expect(putKey(hostWith(), key, signal)).rejects.toMatchObject({
    info: { code: 'file-unwritable' },
  })
  expect(readFileSync(join(home, '.ssh'), 'utf8')).toBe('a file where a folder should be')
})

test('a failure while writing leaves the old file and nothing beside it', async () => {
  write(other)
  // the disk is full when the new file is to take the old one's place
  writeFileSync(join(binDir, 'mv'), '#!/bin/sh\necho "mv: No space left on device" >&2; exit 1\n', {
    mode: 0o755,
  })
  await expect(putKey(hostWith(), key, signal)).rejects.toMatchObject({
    info: { detail: 'mv: No space left on device' },
  })
  expect(readFileSync(path(), 'utf8')).toBe(other)
  expect(readdirSync(join(home, '.ssh'))).toEqual(['authorized_keys'])
})
