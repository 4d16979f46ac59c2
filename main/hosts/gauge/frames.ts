/**
 * How a gauge script answers. Before each mark stands what it closes, whatever that contains:
 *
 *     Mach Virtual Memory Statistics: ...
 *     <newline>NONCE 0 0<newline>          what stands above is the output of command 0, exit code 0
 *     <newline>NONCE end 17<newline>       the answer to ask number 17 is complete
 *
 * The first mark is `start`; what start files of the login shell print before it is thrown away. Nobody but the asker knows
 * the nonce, so that no output can forge a mark. stdout and stderr are framed in the same way, each for itself.
 */
export interface Frame {
  /** `start`, `end`, `group`, or the number of a command. */
  kind: 'start' | 'end' | 'group' | number
  /** Process id of the script, number of the ask, exit code of the group's `cat`, exit code of the command. */
  value: number
  bytes: Buffer
  /** Longer than the cap: `bytes` is the beginning. */
  isCut: boolean
}

const newline = 10

/** Takes a stream in chunks of any size and returns the frames that each chunk completes. Never throws. */
export class FrameParser {
  readonly #mark: Buffer
  readonly #maxBytes: number
  #isStarted = false
  /** Not yet known to be free of a mark. */
  #rest: Buffer = Buffer.alloc(0)
  #kept: Buffer[] = []
  #keptBytes = 0
  #isCut = false

  /** @param maxBytes of one frame; what is longer is cut, never kept in memory. */
  constructor(nonce: string, maxBytes = 1_000_000) {
    if (!/^[0-9a-f]{16,64}$/.test(nonce)) throw new TypeError('A nonce has 16 to 64 hex digits')
    this.#mark = Buffer.from(`\n${nonce} `)
    this.#maxBytes = maxBytes
  }

  feed(chunk: Uint8Array): Frame[] {
    const frames: Frame[] = []
    let text: Buffer =
      this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk])
    let from = 0
    for (;;) {
      const at = text.indexOf(this.#mark, from)
      if (at < 0) break
      const lineAt = at + this.#mark.length
      const lineEnd = text.subarray(lineAt, lineAt + longestMark).indexOf(newline)
      if (lineEnd < 0 && text.length - lineAt < longestMark) {
        this.#keep(text.subarray(0, at))
        this.#rest = text.subarray(at)
        return frames
      }
      const words = lineEnd < 0 ? null : readMark(text.toString('latin1', lineAt, lineAt + lineEnd))
      if (words === null) {
        from = at + 1
        continue
      }
      this.#keep(text.subarray(0, at))
      const frame = this.#close(words)
      if (frame !== null) frames.push(frame)
      text = text.subarray(lineAt + lineEnd + 1)
      from = 0
    }
    const tail = Math.max(0, text.length - this.#mark.length + 1)
    this.#keep(text.subarray(0, tail))
    this.#rest = Buffer.from(text.subarray(tail))
    return frames
  }

  #keep(bytes: Buffer): void {
    if (!this.#isStarted) return
    const room = this.#maxBytes - this.#keptBytes
    if (bytes.length > room) this.#isCut = true
    if (room <= 0 || bytes.length === 0) return
    // a copy: the chunk may be a small part of a large buffer, or be written to again
    const kept = Buffer.from(bytes.subarray(0, room))
    this.#kept.push(kept)
    this.#keptBytes += kept.length
  }

  #close({ kind, value }: Pick<Frame, 'kind' | 'value'>): Frame | null {
    const frame: Frame = { kind, value, bytes: Buffer.concat(this.#kept), isCut: this.#isCut }
    this.#kept = []
    this.#keptBytes = 0
    this.#isCut = false
    if (kind === 'start') this.#isStarted = true
    return this.#isStarted ? frame : null
  }
}

/** `start 4294967295` and the like, with room to spare. */
const longestMark = 40

function readMark(line: string): Pick<Frame, 'kind' | 'value'> | null {
  const match = /^(?:(start|end|group)|(\d{1,6})) (\d{1,15})$/.exec(line)
  if (match === null) return null
  const value = Number(match[3])
  const word = match[1]
  if (word === 'start' || word === 'end' || word === 'group') return { kind: word, value }
  return { kind: Number(match[2]), value }
}
