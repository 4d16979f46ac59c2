/** Message numbers of RFC 4254, 9. */
export const message = {
  requestFailure: 82,
  globalRequest: 80,
  open: 90,
  openConfirmation: 91,
  openFailure: 92,
  windowAdjust: 93,
  data: 94,
  extendedData: 95,
  eof: 96,
  close: 97,
  request: 98,
  success: 99,
  failure: 100,
} as const

/** What we let the far side send before we have read it, of each channel. */
export const windowBytes = 2_097_152
export const maxPacketBytes = 32_768

/** Numbers and strings of the SSH wire format, RFC 4251, 5; big-endian, strings with their length in front. */

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}

export function string(value: string | Uint8Array): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  return Buffer.concat([uint32(bytes.length), bytes])
}

/** A message with its length in front. */
export function frame(...parts: readonly Uint8Array[]): Buffer {
  return string(Buffer.concat(parts))
}

/** Reads a message from its beginning. Past its end, everything is 0 and empty, and `isShort` says so. */
export class Fields {
  readonly #bytes: Buffer
  #at = 0
  isShort = false

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  byte(): number {
    return this.#take(1)[0] ?? 0
  }

  uint32(): number {
    const bytes = this.#take(4)
    return bytes.length === 4 ? bytes.readUInt32BE() : 0
  }

  string(): Buffer {
    return this.#take(this.uint32())
  }

  text(): string {
    return this.string().toString('utf8')
  }

  #take(length: number): Buffer {
    const end = this.#at + length
    if (end > this.#bytes.length) {
      this.isShort = true
      this.#at = this.#bytes.length
      return Buffer.alloc(0)
    }
    const bytes = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return bytes
  }
}

/** Far more than a packet of ours (32 KiB and a head) can have. */
const largestMessageBytes = 1_000_000

/** Cuts a stream into messages. */
export class Frames {
  #rest: Buffer = Buffer.alloc(0)

  /** The messages that are complete now, without their lengths. Null once something else than messages came. */
  feed(chunk: Buffer): Buffer[] | null {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const messages: Buffer[] = []
    while (bytes.length >= 4) {
      const length = bytes.readUInt32BE()
      if (length > largestMessageBytes) return null
      if (bytes.length < 4 + length) break
      messages.push(bytes.subarray(4, 4 + length))
      bytes = bytes.subarray(4 + length)
    }
    this.#rest = bytes
    return messages
  }
}
