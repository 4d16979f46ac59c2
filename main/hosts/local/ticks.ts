import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Clock } from '../../core/ports.ts'
import { compileGauge, createGaugeSource, type GaugeStream } from '../gauge/gauge.ts'
import type { TickSource } from '../gauge/schedule.ts'
import { plainFile } from '../gauge/script.ts'
import type { CommandOutput, Platform, Tick } from '../host.ts'
import { signalGroup } from './run.ts'

/** How long a gauge may take to end by itself at the end of its input; a command in it may hang. */
const endWithinMs = 1_000

export interface LocalTickOptions {
  platform: Platform
  clock: Clock
  env: NodeJS.ProcessEnv
  workingDir: string
}

/**
 * Answers ticks on this machine. Programs are started by the same gauge script that runs on a far machine: a small shell forks at a
 * tenth of what it costs to start a program from this process. On Linux, `cat FILE` is answered without any process.
 */
export function createLocalTickSource(
  list: readonly Tick[],
  { platform, clock, env, workingDir }: LocalTickOptions,
): TickSource {
  const pathOf = ({ argv }: Tick) => (platform === 'linux' ? plainFile(argv) : null)
  const programs = list.filter((tick) => pathOf(tick) === null)
  /** Slow commands whose answer has not come yet. */
  const owed = new Set<string>()
  let gauge: TickSource | null = null

  async function answerPrograms(due: readonly Tick[]): Promise<Map<string, CommandOutput>> {
    if (due.length === 0 && owed.size === 0) return new Map()
    gauge ??= createGaugeSource(startGauge(programs, { clock, env, workingDir }), programs, {
      clock,
    })
    for (const { label, isSlow } of due) if (isSlow === true) owed.add(label)
    // the gauge answers whatever becomes of the ask, so nothing is left to cancel
    const outputs = await gauge.answer(due, new AbortController().signal)
    for (const label of outputs.keys()) owed.delete(label)
    return outputs
  }

  return {
    async answer(due) {
      const files = due.flatMap((tick) => {
        const path = pathOf(tick)
        return path === null ? [] : [{ label: tick.label, path }]
      })
      const [outputs, read] = await Promise.all([
        answerPrograms(due.filter((tick) => pathOf(tick) === null)),
        Promise.all(files.map(({ path }) => cat(path, clock))),
      ])
      files.forEach(({ label }, index) => {
        const output = read[index]
        if (output !== undefined) outputs.set(label, output)
      })
      return outputs
    },
    close: () => gauge?.close(),
  }
}

/** The gauge script in a shell and a process group of its own. */
function startGauge(
  list: readonly Tick[],
  { clock, env, workingDir }: Omit<LocalTickOptions, 'platform'>,
): GaugeStream {
  const child = spawn('/bin/sh', ['-c', compileGauge(list)], {
    ...{ env, cwd: workingDir, detached: true, stdio: 'pipe' },
  })
  // without a shell the streams end at once, and the gauge with them
  child.on('error', () => undefined)
  return {
    ...{ stdin: child.stdin, stdout: child.stdout, stderr: child.stderr },
    close() {
      const { pid } = child
      if (pid === undefined || child.exitCode !== null) return
      const disarm = clock.after(endWithinMs, () => signalGroup(pid, 'SIGKILL'))
      child.once('exit', disarm)
    },
  }
}

/** What `cat PATH` would answer. */
async function cat(path: string, clock: Clock): Promise<CommandOutput> {
  const startedAt = clock.monotonic()
  try {
    // the kernel answers from memory; four trips to a worker thread would cost ten times the reading
    const isInMemory = /^\/(proc|sys)\//.test(path)
    const stdout = isInMemory ? readFileSync(path, 'utf8') : await readFile(path, 'utf8')
    return { stdout, stderr: '', exitCode: 0, durationMs: clock.monotonic() - startedAt }
  } catch (error) {
    const stderr = `cat: ${path}: ${error instanceof Error ? error.message : String(error)}\n`
    return { stdout: '', stderr, exitCode: 1, durationMs: clock.monotonic() - startedAt }
  }
}
