import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fingerprintOf,
  parsePublicKey,
  publicKeyLine,
} from '../../../../main/connect/key-set-up/public-key.ts'
import {
  isUsualKeyFile,
  parseSshdSettings,
} from '../../../../main/connect/key-set-up/sshd-settings.ts'
import { makeKey } from '../../../support/sshd.ts'

describe('parsePublicKey', () => {
  it('reads what ssh-keygen wrote, and has its fingerprint', () => {
    const dir = mkdtempSync(join(tmpdir(), 'studiolo-keys-'))
    for (const type of ['ed25519', 'ecdsa', 'rsa'] as const) {
      const path = join(dir, type)
      makeKey(path, { type })
      const text = readFileSync(`${path}.pub`, 'utf8')
      const key = parsePublicKey(text)
      expect(key?.comment).toBe('test')
      expect(key && `${publicKeyLine(key)}\n`).toBe(text)
      const { stdout } = spawnSync('ssh-keygen', ['-lf', path], { encoding: 'utf8' })
      expect(key && fingerprintOf(key)).toBe(stdout.split(' ')[1])
    }
    rmSync(dir, { recursive: true })
  })

  it('takes nothing else for a key', () => {
    const blob = 'AAAAC3NzaC1lZDI1NTE5AAAAIJ7l0Zg2Pj0zV3rOa2mM1tY8qvGAp0q4o9pF3mYxKcWd'
    expect(parsePublicKey(`ssh-ed25519 ${blob}`)).not.toBeNull()
    for (const text of [
      '',
      '-----BEGIN OPENSSH PRIVATE KEY-----\n',
      `ssh-rsa ${blob}`,
      `ssh-ed25519 ${blob.slice(0, 8)}`,
      `command="x" ssh-ed25519 ${blob}`,
      `ssh-ed25519 ${blob}'; rm -rf ~`,
    ])
      expect([text, parsePublicKey(text)]).toEqual([text, null])
  })

  it('never throws, and what it reads is one line', () => {
    const blob = 'AAAAC3NzaC1lZDI1NTE5AAAAIJ7l0Zg2Pj0zV3rOa2mM1tY8qvGAp0q4o9pF3mYxKcWd'
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }).map((comment) => `ssh-ed25519 ${blob} ${comment}`),
    )
    fc.assert(
      fc.property(text, (one) => {
        const key = parsePublicKey(one)
        if (key !== null) expect(publicKeyLine(key)).not.toMatch(/[\r\n\0]/)
      }),
    )
  })
})

describe('parseSshdSettings', () => {
  it('reads a folder and a file, where nothing is said of keys but their place', () => {
    // invented after the layout of macOS (a folder included at the top), not recorded
    const text = `
File /etc/ssh/sshd_config.d/100-macos.conf
# Options set by macOS
UsePAM yes
AcceptEnv LANG LC_*
Subsystem	sftp	/usr/libexec/sftp-server

File /etc/ssh/sshd_config
Include /etc/ssh/sshd_config.d/*
#PubkeyAuthentication yes
AuthorizedKeysFile	.ssh/authorized_keys
`
    expect(parseSshdSettings(text)).toEqual({
      ...{ acceptsKeys: null, keyFiles: ['.ssh/authorized_keys'] },
    })
  })

  // sshd_config(5): the first value counts, keywords have no case, `=` may stand between, Match ends with the file
  it('takes the first value, and none that holds for some accounts only', () => {
    const text = `File a
Match User bob
  PubkeyAuthentication yes
File b
pubkeyauthentication = no
PubkeyAuthentication yes
AUTHORIZEDKEYSFILE "/etc/ssh/keys/%u" %h/.ssh/authorized_keys2
`
    expect(parseSshdSettings(text)).toEqual({
      ...{ acceptsKeys: false, keyFiles: ['/etc/ssh/keys/%u', '%h/.ssh/authorized_keys2'] },
    })
  })

  it('knows the usual place in its three forms', () => {
    const usual = ['.ssh/authorized_keys', '%h/.ssh/authorized_keys', '~/.ssh/authorized_keys']
    expect(usual.map(isUsualKeyFile)).toEqual([true, true, true])
    const others = ['.ssh/authorized_keys2', '/etc/ssh/keys/%u', 'none']
    expect(others.map(isUsualKeyFile)).toEqual([false, false, false])
  })

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseSshdSettings(text)))
  })
})
