import { randomBytes } from 'node:crypto'
import type { Readable, Writable } from 'node:stream'
import { errorInfo } from '../core/errors.ts'
import type { Clock } from '../core/ports.ts'
import { type Frame, FrameParser } from './gauge-frames.ts'
import { createScheduledTicker, type TickSource } from './gauge-schedule.ts'
import { type Argv, type CommandOutput, HostError, type Tick, type Ticker } from './host.ts'
import { environmentScript, quotePosix } from './quote.ts'

/** The three streams of a running gauge script: an SSH channel, a child process. */
export interface GaugeStream {
  stdin: Writable
  stdout: Readable
  /** Must not be mixed into stdout. */
  stderr: Readable
  /** Called once, after stdin was ended. The script ends by itself; this frees what belongs to the stream. */
  close(): void
}

/**
 * The sh script that answers ticks; run it with `forLoginShell(compileGauge(list))` and hand its streams to
 * {@link createTicker}. It reads a nonce, then asks: lines of a number and the numbers of the commands that are due. It runs
 * these one after the other and prints their outputs as {@link FrameParser} reads them, then waits for the next line; so it
 * sleeps between asks, and ends at the end of its input.
 *
 * A command costs one fork; all `cat FILE` of a tick (Linux' /proc) together cost one. A slow command runs beside the others
 * into a private folder, which the script removes when it ends, and is handed out with the first ask after its end.
 */
export function compileGauge(list: readonly Tick[]): string {
  const commands = distinctCommands(list)
  const files = commands.flatMap((command, i) => (command.path === null ? [] : [i]))
  const slow = commands.flatMap((command, i) => (command.isSlow ? [i] : []))
  return [
    environmentScript,
    'IFS= read -r n || exit 0',
    '[ -n "$TMPDIR" ] && t=$TMPDIR || t=/tmp',
    files.length + slow.length > 0
      ? 'd=$(mktemp -d "$t/studiolo.XXXXXXXX" 2>/dev/null) || d='
      : 'd=',
    // on a full disk there is no folder: then slow commands and files are answered one by one
    'r=',
    `trap 'for e in $r; do kill "\${e#*:}" 2>/dev/null; done; [ -z "$d" ] || rm -rf "$d"' EXIT`,
    "trap 'exit 0' HUP INT TERM PIPE",
    ...commands.map((command, i) => `c${i}() { exec ${quotePosix(command.argv)}; }`),
    helpers,
    ...files.map((i) => `[ -z "$d" ] || printf '\\n%s %s 0\\n' "$n" ${i} >"$d/m${i}"`),
    ...(files.length > 0 ? [groupFunction(files, commands)] : []),
    'mark start $$',
    'while IFS= read -r l; do',
    '  set -- $l; q=$1; shift; deliver; g=',
    '  for i do case $i in',
    ...(slow.length > 0 ? [`    ${slow.join('|')}) start "$i" ;;`] : []),
    ...(files.length > 0 ? [`    ${files.join('|')}) g="$g $i" ;;`] : []),
    '    *) answer "$i" ;;',
    '  esac; done',
    ...(files.length > 0 ? ['  [ -z "$g" ] || group $g'] : []),
    '  mark end "$q"',
    'done',
  ].join('\n')
}

/** `r` lists the slow commands that run, as number:pid. Their `wait` frees the shell's entry for the job. */
const helpers = `
mark() { printf '\\n%s %s %s\\n' "$n" "$1" "$2"; printf '\\n%s %s %s\\n' "$n" "$1" "$2" >&2; }
answer() { ("c$1") </dev/null; mark "$1" $?; }
start() {
  case " $r" in *" $1:"*) return ;; esac
  if [ -z "$d" ]; then answer "$1"; return; fi
  : >"$d/x$1"
  ( "c$1" >"$d/o$1" 2>"$d/e$1" & p=$!
    trap 'kill $p 2>/dev/null; exit 0' TERM
    wait $p; echo $? >"$d/x$1" ) </dev/null >/dev/null 2>&1 &
  r="$r $1:$!"
}
deliver() {
  s=
  for e in $r; do
    i=\${e%%:*}
    if [ -s "$d/x$i" ]; then
      wait "\${e#*:}"; read -r c <"$d/x$i"
      [ ! -s "$d/o$i" ] || cat "$d/o$i"
      [ ! -s "$d/e$i" ] || cat "$d/e$i" >&2
      mark "$i" "$c"
    else s="$s $e"; fi
  done
  r=$s
}`.trim()

/** Turns the numbers into `FILE MARK FILE MARK ...` for one `cat`; a file that cannot be opened is left to `answer`. */
function groupFunction(files: readonly number[], commands: readonly Command[]): string {
  return [
    'group() {',
    '  for i do',
    '    shift',
    '    case $i in',
    ...files.map((i) => `      ${i}) p=${quotePosix([commands[i]?.path ?? ''])} ;;`),
    '    esac',
    '    if [ -n "$d" ] && [ -r "$p" ]; then set -- "$@" "$p" "$d/m$i"; else answer "$i"; fi',
    '  done',
    `  [ $# -eq 0 ] || { cat "$@" </dev/null; printf '\\n%s group %s\\n' "$n" $? >&2; }`,
    '}',
  ].join('\n')
}

interface Command {
  argv: Argv
  labels: readonly string[]
  isSlow: boolean
  /** Of `cat PATH`. */
  path: string | null
}

/** The same arguments under two labels are one command. */
function distinctCommands(list: readonly Tick[]): Command[] {
  const byArgv = new Map<string, Command>()
  for (const { argv, label, isSlow = false } of list) {
    const key = JSON.stringify([argv, isSlow])
    const labels = [...(byArgv.get(key)?.labels ?? []), label]
    byArgv.set(key, { argv, labels, isSlow, path: isSlow ? null : plainFile(argv) })
  }
  return [...byArgv.values()]
}

/**
 * The path of `cat PATH`, which can be answered without starting `cat`; null for any other command, and for paths that
 * `cat` would quote when it complains about them.
 */
export function plainFile(argv: Argv): string | null {
  const [program, path, ...more] = argv
  if (program !== 'cat' || path === undefined || more.length > 0) return null
  return /^\/[\w@%+,./-]*$/.test(path) ? path : null
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
  { clock, lost = closedByHost, maxOutputBytes = 1_000_000 }: TickerOptions,
): Ticker {
  const source = new StreamSource(stream, distinctCommands(list), { clock, lost, maxOutputBytes })
  return createScheduledTicker(list, source, { clock })
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
