import { execFile } from 'node:child_process'

export interface ToolOutput {
  stdout: string
  stderr: string
  /** Null when the program could not be started, or was ended at the time-out. */
  exitCode: number | null
}

/** Runs one of OpenSSH's own programs here, without a shell. Resolves in any case, after 10 s at the latest. */
export function runTool(
  program: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; signal?: AbortSignal; timeoutMs?: number } = {},
): Promise<ToolOutput> {
  const { env, signal, timeoutMs = 10_000 } = options
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      {
        encoding: 'utf8',
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: 4_000_000,
        ...(env !== undefined && { env: { ...env, LC_ALL: 'C' } }),
        ...(signal !== undefined && { signal }),
      },
      (error, stdout, stderr) => {
        if (error === null) return resolve({ stdout, stderr, exitCode: 0 })
        const exitCode = typeof error.code === 'number' ? error.code : null
        resolve({ stdout, stderr: stderr === '' ? error.message : stderr, exitCode })
      },
    )
    child.stdin?.end()
  })
}
