import {
  createCipheriv as cipher,
  createSecretKey,
  createDecipheriv as decipher,
  type KeyObject,
} from 'node:crypto'

export { createHmac, randomFillSync, timingSafeEqual } from 'node:crypto'

/**
 * In place of `crypto` for the ciphers of ssh2, which make one anew for each packet, with the key as bytes. Node 24.16 and later find
 * out that bytes are no KeyObject by an error that they throw and catch, stack and all: two thirds of a packet's cost. A KeyObject that is
 * made once is none of that. The build puts it there; see electron.vite.config.ts.
 */
export function createCipheriv(name: 'aes-128-gcm', key: Uint8Array, iv: Uint8Array) {
  return cipher(name, keyObject(key), iv)
}

export function createDecipheriv(name: 'aes-128-gcm', key: Uint8Array, iv: Uint8Array) {
  return decipher(name, keyObject(key), iv)
}

/** A cipher of ssh2 never writes to its key; new keys are new bytes. */
const objects = new WeakMap<Uint8Array, KeyObject>()

function keyObject(key: Uint8Array): KeyObject {
  let object = objects.get(key)
  if (object === undefined) {
    object = createSecretKey(key)
    objects.set(key, object)
  }
  return object
}
