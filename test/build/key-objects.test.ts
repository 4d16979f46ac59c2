import * as crypto from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as keyed from '../../build/key-objects.ts'

const aad = Buffer.from('length')
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const packets = fc.array(fc.uint8Array({ maxLength: 100 }), { minLength: 1, maxLength: 4 })

function sealed({ createCipheriv }: typeof keyed, key: Uint8Array, text: Uint8Array) {
  const cipher = createCipheriv('aes-128-gcm', key, Buffer.alloc(12, text.length))
  cipher.setAAD(aad)
  return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()])
}

test('the ciphers of ssh2 say what Node’s own would, packet by packet and key by key', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(bytes(16), packets), { maxLength: 4 }), (keys) => {
      for (const [key, texts] of keys) {
        for (const text of texts) {
          const packet = sealed(keyed, key, text)
          expect(packet).toEqual(sealed(crypto as never, key, text))
          const iv = Buffer.alloc(12, text.length)
          const decipher = keyed.createDecipheriv('aes-128-gcm', key, iv)
          decipher.setAAD(aad).setAuthTag(packet.subarray(-16))
          const opened = Buffer.concat([decipher.update(packet.subarray(0, -16)), decipher.final()])
          expect(opened).toEqual(Buffer.from(text))
        }
      }
    }),
  )
})
