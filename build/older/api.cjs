// What the app uses of a newer Electron than 22, in terms of what 22 has. Only in builds for that one.
// biome-ignore lint/style/noRestrictedImports: it runs in the main process, before the app
const { protocol, safeStorage } = require('electron')

// Electron 25
protocol.handle ??= (scheme, handle) => {
  protocol.registerBufferProtocol(scheme, async ({ url, method }, answer) => {
    const response = await handle(new Request(url, { method }))
    answer({
      statusCode: response.status,
      headers: Object.fromEntries(response.headers),
      mimeType: response.headers.get('content-type')?.split(';')[0],
      data: Buffer.from(await response.arrayBuffer()),
    })
  })
}

// Electron 25: without it nobody knows whether Linux encrypts, so nothing is kept
safeStorage.getSelectedStorageBackend ??= () => 'basic_text'
// Electron 43
safeStorage.isAsyncEncryptionAvailable ??= async () => false

// Node 19
URL.canParse ??= (url, base) => {
  try {
    return Boolean(new URL(url, base))
  } catch {
    return false
  }
}
// Node 17, for plain data
globalThis.structuredClone ??= (value) =>
  require('node:v8').deserialize(require('node:v8').serialize(value))
