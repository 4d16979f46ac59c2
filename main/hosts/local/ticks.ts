import { readFile } from 'node:fs/promises'
import type { Clock } from '../../core/ports.ts'
import type { TickSource } from '../gauge/schedule.ts'
import { plainFile } from '../gauge/script.ts'
import type { Argv, CommandOutput, Platform, RunOptions, Tick } from '../host.ts'

/** A slow command may take this long; what takes longer is ended and asked again. */
const slowTimeoutMs = 60_000

export interface LocalTickOptions {
  platform: Platform
  clock: Clock
  run(argv: Argv, options: RunOptions): Promise<CommandOutput>
}

/**
 * Answers ticks on this machine: each command at once and without a shell; on Linux, `cat FILE` without any process. Slow
 * commands run beside the others, their answers are handed out with the first ask after their end.
 */
export function createLocalTickSource({ platform, clock, run }: LocalTickOptions): TickSource {
  const running = new Map<string, AbortController>()
  const ready = new Map<string, CommandOutput>()

  function start({ label, argv }: Tick): void {
    if (running.has(label)) return
    const abort = new AbortController()
    running.set(label, abort)
    run(argv, { timeoutMs: slowTimeoutMs, signal: abort.signal })
      .then((output) => ready.set(label, output))
      .catch(() => undefined)
      .finally(() => running.delete(label))
  }

  async function answerOne({ label, argv }: Tick, signal: AbortSignal) {
    const path = platform === 'linux' ? plainFile(argv) : null
    const output =
      path === null ? await run(argv, { signal, timeoutMs: slowTimeoutMs }) : await cat(path, clock)
    return [label, output] as const
  }

  return {
    async answer(due, signal) {
      const outputs = new Map(ready)
      ready.clear()
      for (const tick of due) if (tick.isSlow === true) start(tick)
      const quick = due.filter((tick) => tick.isSlow !== true)
      for (const [label, output] of await Promise.all(
        quick.map((tick) => answerOne(tick, signal)),
      )) {
        outputs.set(label, output)
      }
      return outputs
    },
    close() {
      for (const abort of running.values()) abort.abort()
    },
  }
}

/** What `cat PATH` would answer. */
async function cat(path: string, clock: Clock): Promise<CommandOutput> {
  const startedAt = clock.monotonic()
  try {
    const stdout = await readFile(path, 'utf8')
    return { stdout, stderr: '', exitCode: 0, durationMs: clock.monotonic() - startedAt }
  } catch (error) {
    const stderr = `cat: ${path}: ${error instanceof Error ? error.message : String(error)}\n`
    return { stdout: '', stderr, exitCode: 1, durationMs: clock.monotonic() - startedAt }
  }
}
