import { spawn } from 'node:child_process'

export interface Ended {
  /** Null where a signal ended it. */
  exitCode: number | null
  /** Both its outputs, where they were not shown. */
  text: string
}

/** Runs a program to its end, or to the time-out. Never rejects. */
export function run(
  program: string,
  args: readonly string[],
  { cwd, timeoutMs, isShown = false }: { cwd: string; timeoutMs: number; isShown?: boolean },
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      timeout: timeoutMs,
      stdio: isShown ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
    }
    child.on('error', (error) => resolve({ exitCode: null, text: error.message }))
    child.on('close', (exitCode) => resolve({ exitCode, text }))
  })
}
