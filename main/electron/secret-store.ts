import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as z from 'zod'
import type { Log, SecretStore } from '../core/ports.ts'

/** The keychain's key at work: what only this account, in this app, can read again. */
export interface Cipher {
  /** False where the system offers nothing better than plain text. */
  isAvailable(): Promise<boolean>
  encrypt(text: string): Promise<Uint8Array>
  /** Rejects where the key is another one now. */
  decrypt(bytes: Uint8Array): Promise<string>
}

const fileSchema = z.object({ version: z.literal(1), secrets: z.record(z.string(), z.base64()) })

/**
 * Secrets by key. Those to be remembered go encrypted to a file that only this account reads; without a keychain, and
 * for those that are not to be remembered, memory until the app quits.
 */
export async function createSecretStore(options: {
  path: string
  cipher: Cipher
  log: Log
}): Promise<SecretStore> {
  const { path, cipher, log } = options
  const isPersistent = await cipher.isAvailable()
  const inMemory = new Map<string, string>()

  function readFile(): Record<string, string> {
    try {
      return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).secrets
    } catch (error) {
      if (!isMissingFile(error)) log.warn('secrets: unreadable file', { path })
      return {}
    }
  }

  function writeFile(secrets: Record<string, string>) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const beside = `${path}.new`
    writeFileSync(beside, `${JSON.stringify({ version: 1, secrets })}\n`, { mode: 0o600 })
    chmodSync(beside, 0o600)
    renameSync(beside, path)
  }

  function forget(key: string) {
    const { [key]: known, ...rest } = readFile()
    if (known !== undefined) writeFile(rest)
  }

  return {
    isPersistent,
    async get(key) {
      const held = inMemory.get(key)
      if (held !== undefined) return held
      const stored = isPersistent ? readFile()[key] : undefined
      if (stored === undefined) return null
      try {
        return await cipher.decrypt(Buffer.from(stored, 'base64'))
      } catch {
        // the keychain was reset: the person is asked again
        log.warn('secrets: a remembered secret could not be decrypted', { key })
        return null
      }
    },
    async set(key, secret, { isRemembered }) {
      inMemory.set(key, secret)
      if (!isPersistent) return
      if (!isRemembered) return forget(key)
      const bytes = await cipher.encrypt(secret)
      writeFile({ ...readFile(), [key]: Buffer.from(bytes).toString('base64') })
    },
    async remove(key) {
      inMemory.delete(key)
      if (isPersistent) forget(key)
    },
  }
}

function isMissingFile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
