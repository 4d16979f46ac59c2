import { randomBytes } from 'node:crypto'
import type { Readable, Writable } from 'node:stream'
import { errorInfo } from '../../core/errors.ts'
import type { Clock } from '../../core/ports.ts'
import { type CommandOutput, HostError, type Tick, type Ticker } from '../host.ts'
import { type Frame, FrameParser } from './frames.ts'
import { createScheduledTicker, type TickSource } from './schedule.ts'
import { type Command, compileGauge, distinctCommands } from './script.ts'

export { compileGauge }

/** The three streams of a running gauge script: an SSH channel, a child process. */
export interface GaugeStream {
  stdin: Writable
  stdout: Readable
  /** Must not be mixed into stdout. */
  stderr: Readable
  /** Called once, after stdin was ended. The script ends by itself; this frees what belongs to the stream. */
  close(): void
}

export interface TickerOptions {
  clock: Clock
  /** What an ask rejects with when the streams end; `unreachable` where absent. */
  lost?: () => HostError
  /** Of one output; longer ones are cut, and their stderr says so. @default 1_000_000 */
  maxOutputBytes?: number
}

/**
 * A Ticker over the streams of a running {@link compileGauge} script; `list` must be the one that it was compiled from. Asks may
 * start at once. When the streams end, open and later asks reject; the caller starts a new script then.
 */
export function createTicker(
  stream: GaugeStream,
  list: readonly Tick[],
  options: TickerOptions,
): Ticker {
  return createScheduledTicker(list, createGaugeSource(stream, list, options), options)
}

/** What answers in {@link createTicker}, for those who put other answers beside it. */
export function createGaugeSource(
  stream: GaugeStream,
  list: readonly Tick[],
  { clock, lost = closedByHost, maxOutputBytes = 1_000_000 }: TickerOptions,
): TickSource {
  return new StreamSource(stream, distinctCommands(list), { clock, lost, maxOutputBytes })
}

interface Ask {
  number: number
  due: ReadonlySet<string>
  sentAt: number
  resolve(outputs: Map<string, CommandOutput>): void
  reject(error: unknown): void
}

class StreamSource implements TickSource {
  readonly #stream: GaugeStream
  readonly #commands: readonly Command[]
  readonly #options: Required<TickerOptions>
  readonly #startedAt = new Map<number, number>()
  #stdout: Frame[] = []
  #stderr: Frame[] = []
  /** Moments at which the outputs of #stdout were complete. */
  #arrivedAt: number[] = []
  #ends = { stdout: 0, stderr: 0 }
  #number = 0
  #open: Ask | null = null
  #lost: HostError | null = null

  constructor(stream: GaugeStream, commands: readonly Command[], options: Required<TickerOptions>) {
    this.#stream = stream
    this.#commands = commands
    this.#options = options
    const nonce = randomBytes(16).toString('hex')
    this.#listen('stdout', new FrameParser(nonce, options.maxOutputBytes))
    this.#listen('stderr', new FrameParser(nonce, options.maxOutputBytes))
    stream.stdin.on('error', () => this.#end())
    stream.stdin.on('close', () => this.#end())
    stream.stdin.write(`${nonce}\n`)
  }

  #listen(name: 'stdout' | 'stderr', parser: FrameParser): void {
    const stream = this.#stream[name]
    stream.on('data', (chunk: Buffer | string) => {
      for (const frame of parser.feed(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)) {
        if (frame.kind === 'end') {
          this.#ends[name] = frame.value
          this.#finish()
        } else if (name === 'stderr') {
          this.#stderr.push(frame)
        } else {
          this.#stdout.push(frame)
          this.#arrivedAt.push(this.#options.clock.monotonic())
        }
      }
    })
    stream.on('error', () => this.#end())
    stream.on('end', () => this.#end())
    stream.on('close', () => this.#end())
  }

  answer(due: readonly Tick[]): Promise<Map<string, CommandOutput>> {
    if (this.#lost !== null) return Promise.reject(this.#lost)
    const labels = new Set(due.map((tick) => tick.label))
    const numbers = this.#commands.flatMap((command, i) =>
      command.labels.some((label) => labels.has(label)) ? [i] : [],
    )
    const sentAt = this.#options.clock.monotonic()
    for (const i of numbers) if (!this.#startedAt.has(i)) this.#startedAt.set(i, sentAt)
    this.#number += 1
    const number = this.#number
    return new Promise((resolve, reject) => {
      this.#open = { number, due: labels, sentAt, resolve, reject }
      this.#stream.stdin.write(`${[number, ...numbers].join(' ')}\n`)
    })
  }

  close(): void {
    this.#stream.stdin.end()
    this.#stream.close()
    this.#end()
  }

  #finish(): void {
    const ask = this.#open
    if (ask === null) return
    if (this.#ends.stdout !== ask.number || this.#ends.stderr !== ask.number) return
    this.#open = null
    const outputs = this.#collect(ask)
    this.#stdout = []
    this.#stderr = []
    this.#arrivedAt = []
    ask.resolve(outputs)
  }

  #collect(ask: Ask): Map<string, CommandOutput> {
    const errors = new Map<Frame['kind'], Frame>()
    for (const frame of this.#stderr) errors.set(frame.kind, frame)
    const outputs = new Map<string, CommandOutput>()
    let before = ask.sentAt
    for (const [position, frame] of this.#stdout.entries()) {
      const at = this.#arrivedAt[position] ?? before
      const command = typeof frame.kind === 'number' ? this.#commands[frame.kind] : undefined
      if (typeof frame.kind === 'number' && command !== undefined) {
        const startedAt = command.isSlow ? (this.#startedAt.get(frame.kind) ?? before) : before
        const output = this.#output(frame, command, errors)
        for (const label of command.labels) {
          if (!command.isSlow && !ask.due.has(label)) continue
          outputs.set(label, { ...output, durationMs: at - startedAt })
        }
        this.#startedAt.delete(frame.kind)
      }
      before = at
    }
    return outputs
  }

  #output(frame: Frame, command: Command, errors: Map<Frame['kind'], Frame>): CommandOutput {
    const stderr = errors.get(frame.kind)
    let error = stderr?.bytes.toString() ?? ''
    let exitCode = frame.value
    if (stderr === undefined && command.path !== null) {
      // one cat read several files: its complaints name them
      const complaints = errors.get('group')?.bytes.toString().split('\n') ?? []
      error = complaints.filter((line) => line.startsWith(`cat: ${command.path}:`)).join('\n')
      if (error !== '') exitCode = 1
    }
    if (frame.isCut || stderr?.isCut === true) {
      error += `\nThe output was cut after ${this.#options.maxOutputBytes} bytes.`
    }
    const output: CommandOutput = {
      stdout: frame.bytes.toString(),
      stderr: error,
      exitCode,
      durationMs: 0,
    }
    if (exitCode === 127) output.isMissing = true
    return output
  }

  #end(): void {
    if (this.#lost !== null) return
    this.#lost = this.#options.lost()
    const ask = this.#open
    this.#open = null
    ask?.reject(this.#lost)
  }
}

function closedByHost(): HostError {
  return new HostError('unreachable', errorInfo('closed-by-host', {}, 'The gauge ended.'))
}
