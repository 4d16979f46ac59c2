import { safeStorage } from 'electron'
import type { Cipher } from './secret-store.ts'

/** On macOS the key lies in the login keychain; on Linux in the desktop's wallet, where there is one. */
export const keychainCipher: Cipher = {
  async isAvailable() {
    if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') {
      return false
    }
    return await safeStorage.isAsyncEncryptionAvailable()
  },
  encrypt: (text) => safeStorage.encryptStringAsync(text),
  async decrypt(bytes) {
    const { result } = await safeStorage.decryptStringAsync(Buffer.from(bytes))
    return result
  },
}
