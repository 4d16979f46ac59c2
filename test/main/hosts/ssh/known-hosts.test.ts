import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  addKnownHost,
  fingerprint,
  hostNameOf,
  judgeHostKey,
  keyType,
  lookUpHost,
  orderHostKeyAlgorithms,
  parseFound,
} from '../../../../main/hosts/ssh/known-hosts.ts'
import { createSshHome, type SshHome } from '../../../support/ssh-home.ts'
import { type HostKeyType, makeKey, readKey } from '../../../support/sshd.ts'

let keys: SshHome
let home: SshHome
const key = (name: string) => readKey(`${keys.path(name)}.pub`)
const blob = (name: string) => Buffer.from(key(name).split(' ')[1] ?? '', 'base64')

beforeAll(() => {
  keys = createSshHome()
  const types: [string, HostKeyType][] = [
    ...([
      ['ed', 'ed25519'],
      ['ed-other', 'ed25519'],
      ['rsa', 'rsa'],
      ['ecdsa', 'ecdsa'],
    ] as const),
  ].map(([name, type]) => [name, type])
  for (const [name, type] of types) makeKey(keys.path(name), { type })
})
afterAll(() => keys[Symbol.dispose]())
beforeEach(() => {
  home = createSshHome()
})
afterEach(() => home[Symbol.dispose]())

const studio = { hostname: 'studio', port: 22, hostKeyAlias: null }

async function judge(host: Parameters<typeof hostNameOf>[0], name: string) {
  const known = await lookUpHost(hostNameOf(host), [home.path('known_hosts'), home.path('more')])
  return judgeHostKey(known, blob(name))
}

describe('names', () => {
  test.each([
    [{ hostname: 'Studio', port: 22, hostKeyAlias: null }, 'studio', null],
    [{ hostname: 'Studio', port: 2222, hostKeyAlias: null }, '[studio]:2222', 'studio'],
    [{ hostname: 'fd7a::1', port: 2222, hostKeyAlias: null }, '[fd7a::1]:2222', 'fd7a::1'],
    // sshd_config and ssh_config(5): an alias stands alone, without the port
    [{ hostname: 'studio', port: 2222, hostKeyAlias: 'Alias' }, 'Alias', null],
  ])('%j is looked up as %s', (host, name, bareName) => {
    expect(hostNameOf(host)).toEqual({ name, bareName })
  })
})

describe('verdicts, with what ssh-keygen finds', () => {
  test('nothing known, no file', async () => {
    expect(await judge(studio, 'ed')).toEqual({ kind: 'unknown' })
  })

  test('known; changed, with the line to compare with', async () => {
    home.write('known_hosts', `# comment\nother ${key('rsa')}\nstudio ${key('ed')} Ana's\n`)
    expect(await judge(studio, 'ed')).toEqual({ kind: 'known' })
    expect(await judge(studio, 'ed-other')).toMatchObject({
      kind: 'changed',
      known: { line: 3, path: home.path('known_hosts'), type: 'ssh-ed25519' },
    })
  })

  test('a key of another type than the known one is a change', async () => {
    home.write('known_hosts', `studio ${key('rsa')}\n`)
    expect(await judge(studio, 'ed')).toMatchObject({ kind: 'changed', known: { type: 'ssh-rsa' } })
  })

  test('one of several keys, in one of several files', async () => {
    home.write('known_hosts', `studio ${key('rsa')}\n`)
    home.write('more', `studio,10.0.0.5 ${key('ed')}\n`)
    expect(await judge(studio, 'ed')).toEqual({ kind: 'known' })
    expect(await judge({ ...studio, hostname: '10.0.0.5' }, 'ed')).toEqual({ kind: 'known' })
  })

  test('hashed names', async () => {
    home.write('known_hosts', `[studio]:2222 ${key('ed')}\n`)
    const { status } = spawnSync('ssh-keygen', ['-q', '-H', '-f', home.path('known_hosts')])
    expect(status).toBe(0)
    expect(home.read('known_hosts')).toMatch(/^\|1\|/)
    expect(await judge({ ...studio, port: 2222 }, 'ed')).toEqual({ kind: 'known' })
    expect(await judge({ ...studio, port: 2223 }, 'ed')).toEqual({ kind: 'unknown' })
  })

  test('another port: its own line counts, then a key known for the bare name', async () => {
    home.write('known_hosts', `studio ${key('ed')}\n`)
    expect(await judge({ ...studio, port: 2222 }, 'ed')).toEqual({ kind: 'known' })
    // another server on the same machine may have another key
    expect(await judge({ ...studio, port: 2222 }, 'ed-other')).toEqual({ kind: 'unknown' })
    home.write('known_hosts', `studio ${key('ed')}\n[studio]:2222 ${key('ed-other')}\n`)
    expect(await judge({ ...studio, port: 2222 }, 'ed')).toMatchObject({ kind: 'changed' })
  })

  test('patterns and negations', async () => {
    home.write('known_hosts', `*.example.com,!b.example.com ${key('ed')}\n`)
    expect(await judge({ ...studio, hostname: 'a.example.com' }, 'ed')).toEqual({ kind: 'known' })
    expect(await judge({ ...studio, hostname: 'b.example.com' }, 'ed')).toEqual({ kind: 'unknown' })
  })

  test('revoked, whatever else is said of the key', async () => {
    home.write('known_hosts', `studio ${key('ed')}\n@revoked * ${key('ed')}\n`)
    expect(await judge(studio, 'ed')).toMatchObject({ kind: 'revoked', known: { line: 2 } })
    expect(await judge({ ...studio, port: 2222 }, 'ed')).toMatchObject({ kind: 'revoked' })
    // another key was revoked: this one is still just known
    home.write('known_hosts', `studio ${key('ed')}\n@revoked * ${key('rsa')}\n`)
    expect(await judge(studio, 'ed')).toEqual({ kind: 'known' })
  })

  test('an authority for certificates vouches for no plain key', async () => {
    home.write('known_hosts', `@cert-authority * ${key('ed')}\n`)
    expect(await judge(studio, 'ed')).toEqual({ kind: 'unknown' })
  })

  test('broken lines are skipped', async () => {
    home.write('known_hosts', `studio\n\0\0garbage\nstudio ssh-ed25519 !!!\nstudio ${key('ed')}\n`)
    expect(await judge(studio, 'ed')).toEqual({ kind: 'known' })
  })

  describe('nobody can say', () => {
    function look(path: string, program: string | null = null) {
      mkdirSync(home.path('bin'))
      if (program !== null) {
        writeFileSync(home.path('bin/ssh-keygen'), `#!/bin/sh\n${program}\n`, { mode: 0o755 })
      }
      const env = { PATH: home.path('bin') }
      return lookUpHost(hostNameOf(studio), [path], program === 'real' ? {} : { env })
    }
    const unreadable = (path: string, detail: RegExp) => ({
      kind: 'unreadable',
      problem: {
        kind: 'host-key',
        info: {
          code: 'host-keys-unreadable',
          message: { params: { path } },
          detail: expect.stringMatching(detail),
        },
      },
    })

    test.each([
      ['is not there', null, /ENOENT/],
      ['fails', 'echo no such luck >&2; exit 255', /no such luck/],
      ['fails in another way', 'exit 2', /ssh-keygen/],
      ['is killed, as at its time-out', 'kill -9 $$', /ssh-keygen/],
    ])('whether a key has changed where ssh-keygen %s', async (_, program, detail) => {
      const path = home.path('known_hosts')
      home.write('known_hosts', `studio ${key('ed')}\n`)
      const known = await look(path, program)
      for (const shown of ['ed', 'ed-other']) {
        expect(judgeHostKey(known, blob(shown))).toMatchObject(unreadable(path, detail))
      }
    })

    test('whether a key has changed where the file cannot be reached', async () => {
      const path = home.path('known_hosts')
      symlinkSync(path, path)
      const known = await look(path, 'real')
      expect(judgeHostKey(known, blob('ed'))).toMatchObject(unreadable(path, /ELOOP/))
    })

    test('but what is no file, or is missing, names no host', async () => {
      const paths = ['/dev/null', home.path(''), home.path('none'), home.path('none/deeper')]
      expect(await lookUpHost(hostNameOf(studio), paths)).toEqual({
        ...{ keys: [], bareKeys: [], problem: null },
      })
    })

    test('and a look that was given up is cancelled', async () => {
      home.write('known_hosts', `studio ${key('ed')}\n`)
      const signal = AbortSignal.abort()
      await expect(
        lookUpHost(hostNameOf(studio), [home.path('known_hosts')], { signal }),
      ).rejects.toMatchObject({ kind: 'cancelled' })
    })
  })

  test('any text of ssh-keygen parses', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseFound(text, 'p')))
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void keyType(bytes)))
  })
})

describe('order of algorithms', () => {
  const supported = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-512', 'rsa-sha2-256']

  test.each([
    ['rsa', ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-ed25519', 'ecdsa-sha2-nistp256']],
    ['ecdsa', ['ecdsa-sha2-nistp256', 'ssh-ed25519', 'rsa-sha2-512', 'rsa-sha2-256']],
    ['ed', supported],
  ])('what is known comes first: %s', async (name, expected) => {
    home.write('known_hosts', `studio ${key(name)}\n`)
    const known = await lookUpHost(hostNameOf(studio), [home.path('known_hosts')])
    expect(orderHostKeyAlgorithms(known, supported)).toEqual(expected)
  })
})

describe('a new line', () => {
  const path = () => home.path('known_hosts')
  const add = (name: string, which: string, isHashed = false) =>
    addKnownHost(path(), name, blob(which), { isHashed })

  test('makes folder and file for the account only', async () => {
    rmSync(home.path(''), { recursive: true })
    await add('studio', 'ed')
    expect(home.read('known_hosts')).toBe(`studio ${key('ed')}\n`)
    expect(statSync(path()).mode & 0o777).toBe(0o600)
    expect(statSync(join(home.dir, '.ssh')).mode & 0o777).toBe(0o700)
  })

  test('keeps what is there, also without a newline at its end', async () => {
    home.write('known_hosts', `# mine\nother ${key('rsa')}`)
    chmodSync(path(), 0o644)
    await add('studio', 'ed')
    expect(home.read('known_hosts')).toBe(`# mine\nother ${key('rsa')}\nstudio ${key('ed')}\n`)
    expect(statSync(path()).mode & 0o777).toBe(0o600)
    expect(await judge({ ...studio, hostname: 'other' }, 'rsa')).toEqual({ kind: 'known' })
  })

  test('hashed: found by OpenSSH, not readable', async () => {
    await add('[studio]:2222', 'ed', true)
    expect(home.read('known_hosts')).not.toContain('studio')
    expect(await judge({ ...studio, port: 2222 }, 'ed')).toEqual({ kind: 'known' })
  })

  test('twenty at once all stand there', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `host-${i}`)
    await Promise.all(names.map((name) => add(name, 'ed')))
    const lines = home.read('known_hosts').trim().split('\n')
    expect(lines.map((line) => line.split(' ')[0]).sort()).toEqual([...names].sort())
  })
})

test('fingerprints and types are those that ssh-keygen prints', () => {
  for (const name of ['ed', 'rsa', 'ecdsa']) {
    const { stdout } = spawnSync('ssh-keygen', ['-l', '-f', `${keys.path(name)}.pub`], {
      encoding: 'utf8',
    })
    expect(fingerprint(blob(name))).toBe(stdout.split(' ')[1])
    expect(keyType(blob(name))).toBe(key(name).split(' ')[0])
  }
})
