import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Log } from '../../../main/core/ports.ts'
import { type Cipher, createSecretStore } from '../../../main/electron/secret-store.ts'

let dir: string
let path: string
let lines: string[]

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'studiolo-secrets-'))
  path = join(dir, 'deep', 'secrets.json')
  lines = []
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const log = Object.fromEntries(
  ['debug', 'info', 'warn', 'error'].map((level) => [
    level,
    (message: string, fields?: object) => lines.push(`${message} ${JSON.stringify(fields)}`),
  ]),
) as unknown as Log

/** A cipher with a key of one byte: enough to see that the file holds no plain text. */
function cipher(key = 42): Cipher {
  const turn = (bytes: Uint8Array) => bytes.map((byte) => byte ^ key)
  return {
    isAvailable: async () => true,
    encrypt: async (text) => turn(new TextEncoder().encode(`ours:${text}`)),
    async decrypt(bytes) {
      const text = new TextDecoder().decode(turn(bytes))
      if (!text.startsWith('ours:')) throw new Error('another key')
      return text.slice(5)
    },
  }
}
const noKeychain: Cipher = { ...cipher(), isAvailable: async () => false }
const key = 'password:ana@studio'

describe('createSecretStore', () => {
  it('remembers over a restart, encrypted, for this account alone', async () => {
    const before = await createSecretStore({ path, cipher: cipher(), log })
    await before.set(key, 'geheim 密码', { isRemembered: true })
    const after = await createSecretStore({ path, cipher: cipher(), log })
    expect(after.isPersistent).toBe(true)
    expect(await after.get(key)).toBe('geheim 密码')
    expect(readFileSync(path, 'utf8')).not.toContain('geheim')
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('keeps the others when one is set or removed', async () => {
    const store = await createSecretStore({ path, cipher: cipher(), log })
    await store.set(key, 'one', { isRemembered: true })
    await store.set('passphrase:~/.ssh/id', 'two', { isRemembered: true })
    await store.remove(key)
    const after = await createSecretStore({ path, cipher: cipher(), log })
    expect(await after.get(key)).toBeNull()
    expect(await after.get('passphrase:~/.ssh/id')).toBe('two')
  })

  it('keeps in memory only what is not to be remembered, and forgets the one stored before', async () => {
    const store = await createSecretStore({ path, cipher: cipher(), log })
    await store.set(key, 'old', { isRemembered: true })
    await store.set(key, 'new', { isRemembered: false })
    expect(await store.get(key)).toBe('new')
    const after = await createSecretStore({ path, cipher: cipher(), log })
    expect(await after.get(key)).toBeNull()
  })

  it('says that nothing lasts where there is no keychain, and writes no file', async () => {
    const store = await createSecretStore({ path, cipher: noKeychain, log })
    expect(store.isPersistent).toBe(false)
    await store.set(key, 'plain', { isRemembered: true })
    expect(await store.get(key)).toBe('plain')
    expect(() => statSync(path)).toThrow('ENOENT')
  })

  it('asks again when the keychain was reset', async () => {
    const before = await createSecretStore({ path, cipher: cipher(1), log })
    await before.set(key, 'secret', { isRemembered: true })
    const after = await createSecretStore({ path, cipher: cipher(2), log })
    expect(await after.get(key)).toBeNull()
    expect(lines.join()).not.toContain('"secret"')
  })

  it.each(['', '\0\0\0\0', '{"version":1,"secrets":{"a":7}}', '[]'])(
    'starts anew from a file that is %j',
    async (text) => {
      const store = await createSecretStore({ path, cipher: cipher(), log })
      await store.set(key, 'x', { isRemembered: true })
      writeFileSync(path, text)
      const after = await createSecretStore({ path, cipher: cipher(), log })
      expect(await after.get(key)).toBeNull()
      await after.set(key, 'y', { isRemembered: true })
      const third = await createSecretStore({ path, cipher: cipher(), log })
      expect(await third.get(key)).toBe('y')
    },
  )
})
