import { Duplex, Readable } from 'node:stream'
import type { RemoteExit } from '../transport.ts'
import { type Fields, message, string, uint32, windowBytes } from './wire.ts'

/** The far side's end of a channel. */
export interface RemoteEnd {
  id: number
  windowBytes: number
  maxPacketBytes: number
}

type Send = (type: number, ...parts: readonly Uint8Array[]) => void

/** The window is opened again when this much of a stream was read. */
const adjustAtBytes = windowBytes / 4
const stderrType = 1

/**
 * A channel of RFC 4254, 5: the stream is its data. `close` comes when the far side has closed the channel, or the connection has
 * ended, and everything that came was read; the ends of the two directions before that close nothing.
 */
export class Channel extends Duplex {
  readonly #remote: RemoteEnd
  readonly #send: Send
  readonly stderr: Readable
  exit: RemoteExit | null = null
  #onExit: ((exit: RemoteExit) => void) | null = null
  /** Of the request that waits for its answer. */
  #onReply: ((isGranted: boolean) => void) | null = null
  #hasSentClose = false
  #isClosed = false
  #openStreams = 2
  /** Came in this stream, and the window was not opened again for it. */
  readonly #unread = new Map<Readable, number>()
  #pending: { bytes: Buffer; done: () => void } | null = null

  constructor(remote: RemoteEnd, send: Send) {
    super({ autoDestroy: false, emitClose: true })
    this.#remote = remote
    this.#send = send
    this.stderr = new Readable({ autoDestroy: false, read: () => this.#acknowledge(this.stderr) })
    for (const stream of [this, this.stderr]) {
      stream.on('error', () => undefined)
      stream.once('end', () => {
        this.#openStreams--
        this.#finish()
      })
    }
  }

  /** Resolves when the far side agrees. Rejects when it does not, or the channel ends first. */
  request(type: string, ...more: readonly Uint8Array[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#onReply = (isGranted) => {
        this.#onReply = null
        if (isGranted) resolve()
        else reject(new Error(`The host refused the request ${type}.`))
      }
      const wantsReply = Uint8Array.of(1)
      this.#send(message.request, uint32(this.#remote.id), string(type), wantsReply, ...more)
    })
  }

  onExit(listener: (exit: RemoteExit) => void): void {
    this.#onExit = listener
    if (this.exit !== null) listener(this.exit)
  }

  /** Closes our end; the stream's `close` follows when the far side has closed its own. */
  closeChannel(): void {
    if (this.#hasSentClose || this.#isClosed) return
    this.#hasSentClose = true
    this.#send(message.close, uint32(this.#remote.id))
    this.#release()
  }

  /** A message for this channel. Ignores what it does not know. */
  receive(type: number, fields: Fields): void {
    switch (type) {
      case message.data:
        this.#take(this, fields.string())
        break
      case message.extendedData:
        if (fields.uint32() === stderrType) this.#take(this.stderr, fields.string())
        break
      case message.windowAdjust:
        this.#remote.windowBytes += fields.uint32()
        this.#flush()
        break
      case message.eof:
        this.push(null)
        this.stderr.push(null)
        break
      case message.close:
        this.closeChannel()
        this.lose()
        break
      case message.request:
        this.#answer(fields)
        break
      case message.success:
      case message.failure:
        this.#onReply?.(type === message.success)
        break
    }
  }

  /** Nothing more will come. */
  lose(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#onReply?.(false)
    this.push(null)
    this.stderr.push(null)
    this.#release()
    this.#finish()
  }

  #answer(fields: Fields): void {
    const type = fields.text()
    const wantsReply = fields.byte() !== 0
    if (type === 'exit-status') this.#end({ code: fields.uint32() })
    else if (type === 'exit-signal') this.#end({ signal: `SIG${fields.text()}` })
    // a server asks for a sign of life in this way (ClientAliveInterval)
    else if (wantsReply) this.#send(message.failure, uint32(this.#remote.id))
  }

  #end(exit: RemoteExit): void {
    this.exit = exit
    this.#onExit?.(exit)
  }

  #take(stream: Readable, bytes: Buffer): void {
    if (this.#isClosed || stream.destroyed || stream.readableEnded) return
    this.#unread.set(stream, (this.#unread.get(stream) ?? 0) + bytes.length)
    if (stream.push(bytes)) this.#acknowledge(stream)
  }

  override _read(): void {
    this.#acknowledge(this)
  }

  /** Lets the far side send more: a stream asks for it when it has passed on what it holds. */
  #acknowledge(stream: Readable): void {
    const bytes = this.#unread.get(stream) ?? 0
    if (bytes < adjustAtBytes || this.#isClosed || this.#hasSentClose) return
    this.#unread.set(stream, 0)
    this.#send(message.windowAdjust, uint32(this.#remote.id), uint32(bytes))
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#pending = { bytes: chunk, done }
    this.#flush()
  }

  #flush(): void {
    const pending = this.#pending
    if (pending === null) return
    if (this.#isClosed || this.#hasSentClose) {
      this.#release()
      return
    }
    const remote = this.#remote
    while (pending.bytes.length > 0 && remote.windowBytes > 0) {
      const length = Math.min(pending.bytes.length, remote.windowBytes, remote.maxPacketBytes)
      this.#send(message.data, uint32(remote.id), string(pending.bytes.subarray(0, length)))
      remote.windowBytes -= length
      pending.bytes = pending.bytes.subarray(length)
    }
    if (pending.bytes.length === 0) this.#release()
  }

  /** A program that has ended reads no more input: what waits is dropped. */
  #release(): void {
    const pending = this.#pending
    this.#pending = null
    pending?.done()
  }

  override _final(done: () => void): void {
    if (!this.#isClosed && !this.#hasSentClose) this.#send(message.eof, uint32(this.#remote.id))
    done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.closeChannel()
    this.stderr.destroy()
    done(error)
  }

  #finish(): void {
    if (this.#isClosed && this.#openStreams === 0) this.destroy()
  }
}
