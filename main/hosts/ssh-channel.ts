import { randomBytes } from 'node:crypto'
import { constants } from 'node:os'
import type { Client, ClientChannel } from 'ssh2'
import type { Clock } from '../core/ports.ts'
import { forLoginShell } from './quote.ts'
import { cancelled, type Destination, quote, sshError } from './ssh-errors.ts'
import type { Slots } from './ssh-slots.ts'

/** What a channel needs of its connection. */
export interface ChannelPlace {
  client: Client
  slots: Slots
  to: Destination
  clock: Clock
}

/**
 * Opens a session channel that runs an sh script under the account's login shell; waits for a free place first. Rejects with a HostError.
 * The place is free again when the channel has closed on both sides.
 */
export async function openSession(
  place: ChannelPlace,
  script: string,
  signal: AbortSignal,
): Promise<ClientChannel> {
  const { client, slots, to } = place
  const free = await slots.take(signal)
  try {
    const channel = await startSession(client, forLoginShell(script), signal)
    channel.once('close', free)
    return channel
  } catch (error) {
    free()
    if (signal.aborted) throw cancelled()
    // a server with a smaller MaxSessions: wait until one of the open ones ends
    if (isOpenFailure(error) && slots.shrink()) return openSession(place, script, signal)
    if (isOpenFailure(error)) {
      throw sshError('not-permitted', { address: to.address }, String(error), { cause: error })
    }
    throw sshError('closed-by-host', { address: to.address, port: to.port }, String(error))
  }
}

function isOpenFailure(error: unknown): boolean {
  return error instanceof Error && 'reason' in error && typeof error.reason === 'number'
}

function startSession(
  client: Client,
  command: string,
  signal: AbortSignal,
): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(cancelled())
    signal.addEventListener('abort', onAbort, { once: true })
    client.exec(command, (error, channel) => {
      signal.removeEventListener('abort', onAbort)
      if (error) return reject(error)
      if (!signal.aborted) return resolve(channel)
      channel.on('error', () => undefined).resume()
      channel.stderr.resume()
      channel.close()
    })
  })
}

/** Time to end by itself after a signal. */
const graceMs = 1_000
/** A program can leave a child behind that keeps its output open: we wait this long for more, not for ever. */
const drainMs = 2_000

/**
 * Ends the remote program: TERM to its process group, then KILL, then the channel. Standard input must not be at its end: ssh2 sends no
 * signal after that.
 */
export function endSession(channel: ClientChannel, clock: Clock): void {
  let disarm = () => {}
  channel.once('close', () => disarm())
  channel.resume()
  channel.stderr.resume()
  channel.signal('TERM')
  disarm = clock.after(graceMs, () => {
    channel.signal('KILL')
    disarm = clock.after(graceMs, () => channel.close())
  })
}

export interface SessionOutput {
  stdout: Buffer
  stderr: Buffer
  exitCode: number
  /** More came than was kept. */
  isCut: boolean
}

export interface SessionOptions {
  stdin?: Uint8Array | undefined
  /** Of stdout and of stderr. A program that prints more is ended, with what there is as its answer. */
  maxBytes: number
  signal: AbortSignal
}

/**
 * Runs an sh script to its end. What the login shell's start files print before is cut off: the script's own output begins after a mark
 * that nobody else knows. Without input, the script reads /dev/null; input goes through `head`, since the end of the channel's input would
 * take the means to send a signal.
 */
export async function runSession(
  place: ChannelPlace,
  script: string,
  { stdin, maxBytes, signal }: SessionOptions,
): Promise<SessionOutput> {
  const nonce = randomBytes(12).toString('hex')
  const size = stdin?.length ?? 0
  const input = size > 0 ? `head -c ${size} | { ${script}; }` : `{ ${script}; } </dev/null`
  const marked = `echo; echo ${nonce}; { echo; echo ${nonce}; } >&2; ${input}`
  const channel = await openSession(place, marked, signal)
  const stdout = new MarkedOutput(nonce, maxBytes)
  const stderr = new MarkedOutput(nonce, maxBytes)
  return new Promise((resolve, reject) => {
    const { clock, to } = place
    let exitCode: number | null = null
    let isOver = false
    let disarm = () => {}
    const finish = () => {
      disarm()
      if (isOver) return
      isOver = true
      signal.removeEventListener('abort', onAbort)
      if (exitCode === null) {
        const detail = 'The connection ended before the program did.'
        return reject(sshError('closed-by-host', { address: to.address, port: to.port }, detail))
      }
      if (!stdout.isStarted) {
        const said = stdout.head.trim() || stderr.head.trim() || `exit status ${exitCode}`
        return reject(sshError('not-permitted', { address: to.address }, quote(said)))
      }
      const isCut = stdout.isCut || stderr.isCut
      resolve({ stdout: stdout.bytes(), stderr: stderr.bytes(), exitCode, isCut })
    }
    const wait = () => {
      disarm()
      disarm = clock.after(drainMs, () => {
        finish()
        channel.close()
      })
    }
    const onAbort = () => {
      disarm()
      isOver = true
      reject(cancelled())
      endSession(channel, clock)
    }
    const feed = (output: MarkedOutput) => (chunk: Buffer) => {
      output.feed(chunk)
      if (exitCode !== null) wait()
      if (!output.isCut || isOver) return
      exitCode = 128 + signalNumber('SIGTERM')
      finish()
      endSession(channel, clock)
    }
    channel.on('data', feed(stdout))
    channel.stderr.on('data', feed(stderr))
    channel.on('error', () => undefined)
    channel.once('exit', (code: number | null, name?: string) => {
      if (isOver) return
      exitCode = code ?? 128 + signalNumber(name)
      wait()
    })
    channel.on('close', finish)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) return onAbort()
    if (stdin !== undefined && size > 0) channel.write(Buffer.from(stdin))
  })
}

function signalNumber(name = ''): number {
  return name in constants.signals ? constants.signals[name as NodeJS.Signals] : 0
}

/** A stream from a mark on: keeps up to `maxBytes` of it, and the beginning of what came before for messages. */
class MarkedOutput {
  readonly #mark: Buffer
  readonly #maxBytes: number
  #before: Buffer = Buffer.alloc(0)
  readonly #kept: Buffer[] = []
  #keptBytes = 0
  isStarted = false
  isCut = false
  /** The first 200 characters before the mark. */
  head = ''

  constructor(nonce: string, maxBytes: number) {
    this.#mark = Buffer.from(`\n${nonce}\n`)
    this.#maxBytes = maxBytes
  }

  feed(chunk: Buffer): void {
    if (this.isCut) return
    if (this.isStarted) {
      this.#keep(chunk)
      return
    }
    if (this.head.length < 200) this.head = (this.head + chunk.toString()).slice(0, 200)
    const bytes = this.#before.length === 0 ? chunk : Buffer.concat([this.#before, chunk])
    const at = bytes.indexOf(this.#mark)
    if (at < 0) {
      this.#before = Buffer.from(bytes.subarray(Math.max(0, bytes.length - this.#mark.length + 1)))
      return
    }
    this.isStarted = true
    this.#before = Buffer.alloc(0)
    this.#keep(bytes.subarray(at + this.#mark.length))
  }

  #keep(bytes: Buffer): void {
    const room = this.#maxBytes - this.#keptBytes
    if (bytes.length > room) this.isCut = true
    if (room <= 0 || bytes.length === 0) return
    const kept = bytes.subarray(0, room)
    this.#kept.push(kept)
    this.#keptBytes += kept.length
  }

  bytes(): Buffer {
    return Buffer.concat(this.#kept)
  }
}
