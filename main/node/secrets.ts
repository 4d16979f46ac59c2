import type { SecretStore } from '../core/ports.ts'

/** Secrets for as long as the process runs: the browser host has no keychain. */
export function createMemorySecrets(): SecretStore {
  const secrets = new Map<string, string>()
  return {
    isPersistent: false,
    get: async (key) => secrets.get(key) ?? null,
    async set(key, secret) {
      secrets.set(key, secret)
    },
    async remove(key) {
      secrets.delete(key)
    },
  }
}
