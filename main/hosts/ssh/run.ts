import { constants } from 'node:os'
import { type ChannelPlace, endSessions, openSession } from './channel.ts'
import { cancelled, quote, sshError } from './errors.ts'

export interface SessionOutput {
  stdout: Buffer
  stderr: Buffer
  exitCode: number
  /** More came than was kept; the program was ended. */
  isCut: boolean
}

export interface SessionOptions {
  stdin?: Uint8Array | undefined
  /** Of stdout and of stderr. A program that prints more is ended, with what there is as its answer. */
  maxBytes: number
  signal: AbortSignal
}

/** A program can leave a child behind that keeps its output open: we wait this long for more, not for ever. */
const drainMs = 2_000

/**
 * Runs an sh script to its end. What the login shell's start files print before is cut off. An abort ends the script's whole process
 * group; the promise rejects at once.
 */
export async function runSession(
  place: ChannelPlace,
  script: string,
  { stdin, maxBytes, signal }: SessionOptions,
): Promise<SessionOutput> {
  const session = await openSession(place, script, signal)
  const { channel, nonce } = session
  const stdout = new MarkedOutput(nonce, maxBytes)
  const stderr = new MarkedOutput(nonce, maxBytes)
  return new Promise((resolve, reject) => {
    const { clock, to } = place
    let isOver = false
    let disarm = () => {}

    function settle(): boolean {
      disarm()
      signal.removeEventListener('abort', onAbort)
      const isFirst = !isOver
      isOver = true
      return isFirst
    }
    function end() {
      endSessions(place, [session]).catch(() => undefined)
    }
    function onAbort() {
      if (!settle()) return
      reject(cancelled())
      end()
    }
    function finish() {
      if (!settle()) return
      const { address, port } = to
      const { exitCode } = session
      if (exitCode === null) {
        const detail = 'The connection ended before the program did.'
        reject(sshError('closed-by-host', { address, port }, detail))
      } else if (!stdout.isStarted) {
        const said = stdout.head.trim() || stderr.head.trim() || `exit status ${exitCode}`
        reject(sshError('not-permitted', { address }, quote(said)))
      } else {
        const isCut = stdout.isCut || stderr.isCut
        resolve({ stdout: stdout.bytes(), stderr: stderr.bytes(), exitCode, isCut })
      }
    }
    /** The exit status can overtake the last of the output. */
    function drain() {
      disarm()
      disarm = clock.after(drainMs, () => {
        finish()
        channel.close()
      })
    }
    function read(output: MarkedOutput, chunk: Buffer) {
      output.feed(chunk)
      if (isOver) return
      if (session.exitCode !== null) drain()
      if (!output.isCut) return
      session.exitCode = 128 + constants.signals.SIGTERM
      finish()
      end()
    }

    channel.on('data', (chunk: Buffer) => read(stdout, chunk))
    channel.stderr.on('data', (chunk: Buffer) => read(stderr, chunk))
    session.onExit = () => {
      if (!isOver) drain()
    }
    if (session.exitCode !== null) drain()
    channel.once('close', finish)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    else channel.end(stdin === undefined ? undefined : Buffer.from(stdin))
  })
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
    this.#mark = Buffer.from(`\n${nonce} `)
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
    const end = at < 0 ? -1 : bytes.indexOf('\n', at + this.#mark.length)
    if (end < 0) {
      const from = at < 0 ? Math.max(0, bytes.length - this.#mark.length + 1) : at
      this.#before = Buffer.from(bytes.subarray(from))
      return
    }
    this.isStarted = true
    this.#before = Buffer.alloc(0)
    this.#keep(bytes.subarray(end + 1))
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
