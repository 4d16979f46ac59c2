import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { errorInfo } from '../../core/errors.ts'
import type { Clock } from '../../core/ports.ts'
import { type Argv, type CommandOutput, HostError, type RunOptions } from '../host.ts'

export interface LocalRunContext {
  clock: Clock
  env: NodeJS.ProcessEnv
  workingDir: string
}

/** More of one program's output than this is not kept: the program is ended. */
const maxOutputBytes = 8_000_000

/** A program that was asked to end and did not is killed. */
const killAfterMs = 1000
/** A program may leave a child behind that holds its output open (a command that starts an app); its own answer is complete. */
const lingerMs = 250

/**
 * Runs a program of this machine, without a shell, in a process group of its own, so that time-out and cancel end what it
 * started as well.
 */
export function runLocally(
  argv: Argv,
  { stdin, timeoutMs = 15_000, signal }: RunOptions,
  { clock, env, workingDir }: LocalRunContext,
): Promise<CommandOutput> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(cancelled())
      return
    }
    const startedAt = clock.monotonic()
    const [program, ...args] = argv
    const child = spawn(program, args, { env, cwd: workingDir, detached: true, stdio: 'pipe' })
    const stdout = keep(child.stdout)
    const stderr = keep(child.stderr)
    let isOver = false

    /** Negative: the whole group. */
    function end(): void {
      const { pid } = child
      if (pid === undefined) return
      signalGroup(pid, 'SIGTERM')
      const takeBack = clock.after(killAfterMs, () => signalGroup(pid, 'SIGKILL'))
      child.once('close', takeBack)
    }
    function settle(): boolean {
      if (isOver) return false
      isOver = true
      takeBackTimeout()
      signal?.removeEventListener('abort', cancel)
      return true
    }
    function giveUp(error: HostError): void {
      if (!settle()) return
      end()
      reject(error)
    }
    function answer(exitCode: number, complaint = ''): void {
      if (!settle()) return
      const output: CommandOutput = {
        stdout: stdout.text(),
        stderr: stderr.text() + complaint,
        exitCode,
        durationMs: clock.monotonic() - startedAt,
      }
      if (exitCode === 127) output.isMissing = true
      child.stdout.destroy()
      child.stderr.destroy()
      resolve(output)
    }
    function keep(stream: Readable): { text(): string } {
      const chunks: Buffer[] = []
      let bytes = 0
      stream.on('data', (chunk: Buffer) => {
        if (bytes > maxOutputBytes) return
        chunks.push(chunk)
        bytes += chunk.length
        if (bytes <= maxOutputBytes || isOver) return
        end()
        answer(128 + 15, `\nEnded: it printed more than ${maxOutputBytes} bytes.`)
      })
      stream.on('error', () => undefined)
      return { text: () => Buffer.concat(chunks).toString('utf8', 0, maxOutputBytes) }
    }

    const cancel = () => giveUp(cancelled())
    signal?.addEventListener('abort', cancel, { once: true })
    const takeBackTimeout = clock.after(timeoutMs, () => {
      giveUp(new HostError('timeout', errorInfo('timeout', { timeoutMs }, argv.join(' '))))
    })
    child.on('error', (error: NodeJS.ErrnoException) => {
      const isMissing = error.code === 'ENOENT' || error.code === 'ENOTDIR'
      answer(
        isMissing ? 127 : 126,
        `${program}: ${isMissing ? 'command not found' : error.message}\n`,
      )
    })
    child.on('exit', (code, signalName) => {
      const exitCode = code ?? 128 + (signalNumbers[signalName ?? ''] ?? 0)
      const takeBack = clock.after(lingerMs, () => answer(exitCode))
      child.once('close', () => {
        takeBack()
        answer(exitCode)
      })
    })
    // a program that does not read its input has closed it before we wrote
    child.stdin.on('error', () => undefined)
    child.stdin.end(stdin)
  })
}

/** As a shell would count them. */
const signalNumbers: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGTERM: 15,
}

export function signalGroup(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-pid, name)
  } catch {
    // it has ended by itself
  }
}

function cancelled(): HostError {
  return new HostError('cancelled', errorInfo('cancelled'))
}
