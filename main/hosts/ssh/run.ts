import { constants } from 'node:os'
import { type ChannelPlace, openSession } from './channel.ts'
import { discard, endSessions } from './end-sessions.ts'
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
  const { stream, stderr: errorStream } = channel
  const stdout = new MarkedOutput(nonce, maxBytes)
  const stderr = new MarkedOutput(nonce, maxBytes)
  return new Promise((resolve, reject) => {
    const { clock, to } = place
    let isOver = false
    let disarm = () => {}

    function settle(): boolean {
      disarm()
      signal.removeEventListener('abort', onAbort)
      stream.off('data', onStdout).off('close', finish)
      errorStream.off('data', onStderr)
      session.onExit = () => {}
      const isFirst = !isOver
      isOver = true
      return isFirst
    }
    function end() {
      endSessions(place, [session]).catch(() => undefined)
    }
    function onStdout(chunk: Buffer) {
      read(stdout, chunk)
    }
    function onStderr(chunk: Buffer) {
      read(stderr, chunk)
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
        reject(sshError('closed-by-host', { address, port }))
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
      if (isOver) return
      output.feed(chunk)
      if (output.isLost) {
        settle()
        const params = { account: to.account, address: to.address }
        const options = { key: 'error.login-noise' }
        reject(sshError('unrecognised', params, quote(output.head), options))
        if (session.pid !== null) return end()
        // nothing to end it by: it meets closed pipes
        discard(channel)
        channel.close()
        return
      }
      if (session.exitCode !== null) drain()
      if (!output.isCut) return
      session.exitCode = 128 + constants.signals.SIGTERM
      finish()
      end()
    }

    stream.on('data', onStdout)
    errorStream.on('data', onStderr)
    session.onExit = drain
    if (session.exitCode !== null) drain()
    stream.once('close', finish)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    else stream.end(stdin === undefined ? undefined : Buffer.from(stdin))
  })
}

/** `<newline>NONCE PID<newline>` has a number of a few digits. */
const longestMark = 100
/** Start files may greet and even list the news, but a side that never comes to the mark is not waited for. */
const maxBytesBefore = 2_000_000

/** A stream from a mark on: keeps up to `maxBytes` of it, and the beginning of what came before for messages. */
class MarkedOutput {
  readonly #mark: Buffer
  readonly #maxBytes: number
  /** Not yet known to be free of the mark: never longer than a mark. */
  #rest: Buffer = Buffer.alloc(0)
  #passedBytes = 0
  readonly #kept: Buffer[] = []
  #keptBytes = 0
  isStarted = false
  isCut = false
  /** The mark will not come any more. */
  isLost = false
  /** The first 200 characters before the mark. */
  head = ''

  constructor(nonce: string, maxBytes: number) {
    this.#mark = Buffer.from(`\n${nonce} `)
    this.#maxBytes = maxBytes
  }

  feed(chunk: Buffer): void {
    if (this.isCut || this.isLost) return
    if (this.isStarted) this.#keep(chunk)
    else this.#seek(chunk)
  }

  #seek(chunk: Buffer): void {
    if (this.head.length < 200) this.head = (this.head + chunk.toString()).slice(0, 200)
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const at = bytes.indexOf(this.#mark)
    const before = at < 0 ? Math.max(0, bytes.length - this.#mark.length + 1) : at
    this.#passedBytes += before
    const lineAt = before + this.#mark.length
    const line = at < 0 ? null : bytes.subarray(lineAt, lineAt + longestMark)
    const lineEnd = line?.indexOf('\n') ?? -1
    this.isLost =
      this.#passedBytes > maxBytesBefore || (lineEnd < 0 && line?.length === longestMark)
    if (this.isLost) return
    if (lineEnd < 0) {
      this.#rest = Buffer.from(bytes.subarray(before))
      return
    }
    this.isStarted = true
    this.#rest = Buffer.alloc(0)
    this.#keep(bytes.subarray(lineAt + lineEnd + 1))
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
