// What the app uses of a newer Electron and Node than 22 and 16, in terms of what those have. Only in builds for them.
const { Server } = require('node:http')
const stream = require('node:stream')
const { deserialize, serialize } = require('node:v8')
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
globalThis.structuredClone ??= (value) => deserialize(serialize(value))
// Node 18: what is idle here ends with the process
Server.prototype.closeAllConnections ??= () => {}
// Node 20
stream.duplexPair ??= (options) => {
  class Side extends stream.Duplex {
    _read() {
      const written = this.written
      this.written = null
      written?.()
    }
    _write(chunk, _encoding, callback) {
      if (chunk.length === 0) return process.nextTick(callback)
      this.other.written = callback
      this.other.push(chunk)
    }
    _final(callback) {
      this.other.on('end', callback)
      this.other.push(null)
    }
  }
  const sides = [new Side(options), new Side(options)]
  sides[0].other = sides[1]
  sides[1].other = sides[0]
  return sides
}
