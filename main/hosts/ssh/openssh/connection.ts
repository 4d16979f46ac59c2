import type { Duplex } from 'node:stream'
import { OpenRefused } from '../transport.ts'
import { Channel } from './channel.ts'
import {
  Fields,
  type Frames,
  frame,
  maxPacketBytes,
  message,
  string,
  uint32,
  windowBytes,
} from './wire.ts'

const lostMessage = 'The connection has ended.'

interface Opening {
  resolve(channel: Channel): void
  reject(error: Error): void
}

/**
 * SSH's connection protocol (RFC 4254) over a stream that carries its messages in the clear: channels with windows, nothing else. The
 * other end is our own master, which encrypts and passes on.
 */
export class MuxConnection {
  readonly #stream: Duplex
  readonly #frames: Frames
  readonly #openings = new Map<number, Opening>()
  readonly #channels = new Map<number, Channel>()
  #lastId = 0
  #isLost = false

  constructor(stream: Duplex, frames: Frames, rest: readonly Buffer[]) {
    this.#stream = stream
    this.#frames = frames
    stream.on('data', (chunk: Buffer) => this.#feed(chunk))
    stream.once('close', () => this.#lose())
    for (const bytes of rest) this.#receive(bytes)
    stream.resume()
    if (stream.destroyed) this.#lose()
  }

  /** Rejects with OpenRefused, or when the connection ends first. */
  open(type: string, ...more: readonly Uint8Array[]): Promise<Channel> {
    if (this.#isLost) return Promise.reject(new Error(lostMessage))
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#openings.set(id, { resolve, reject })
      const head = [string(type), uint32(id), uint32(windowBytes), uint32(maxPacketBytes)]
      this.#send(message.open, ...head, ...more)
    })
  }

  /** Windows bound what waits in the stream: its own back pressure is not asked. */
  #send(type: number, ...parts: readonly Uint8Array[]): void {
    if (this.#isLost) return
    this.#stream.write(frame(Uint8Array.of(0, type), ...parts))
  }

  #feed(chunk: Buffer): void {
    const messages = this.#frames.feed(chunk)
    if (messages === null) this.#stream.destroy()
    for (const bytes of messages ?? []) this.#receive(bytes)
  }

  #receive(bytes: Buffer): void {
    const fields = new Fields(bytes)
    fields.byte()
    const type = fields.byte()
    if (type === message.globalRequest) {
      fields.string()
      if (fields.byte() !== 0) this.#send(message.requestFailure)
      return
    }
    const id = fields.uint32()
    if (fields.isShort) return
    const opening = this.#openings.get(id)
    if (type === message.openConfirmation && opening !== undefined) {
      this.#openings.delete(id)
      const remote = {
        ...{ id: fields.uint32(), windowBytes: fields.uint32(), maxPacketBytes: fields.uint32() },
      }
      const channel = new Channel(remote, (number, ...parts) => this.#send(number, ...parts))
      this.#channels.set(id, channel)
      opening.resolve(channel)
    } else if (type === message.openFailure && opening !== undefined) {
      this.#openings.delete(id)
      const reason = fields.uint32()
      opening.reject(new OpenRefused(`Channel open failure: ${fields.text()}`, reason))
    } else {
      this.#channels.get(id)?.receive(type, fields)
      if (type === message.close) this.#channels.delete(id)
    }
  }

  #lose(): void {
    if (this.#isLost) return
    this.#isLost = true
    for (const { reject } of this.#openings.values()) reject(new Error(lostMessage))
    this.#openings.clear()
    for (const channel of this.#channels.values()) channel.lose()
    this.#channels.clear()
  }
}
