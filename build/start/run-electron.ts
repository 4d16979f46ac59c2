import { spawn } from 'node:child_process'

/** A program that ends so soon, and badly, never showed a window: libraries or rights are missing. */
const startsWithinMs = 5000

/** Runs the app to its end. Answers whether it ever started, with the exit code. */
export function runElectron(
  program: string,
  args: readonly string[],
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<{ hasStarted: boolean; exitCode: number }> {
  const { ELECTRON_RUN_AS_NODE: _, ...rest } = env
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const child = spawn(program, ['.', ...args], { cwd, env: rest, stdio: 'inherit' })
    const pass = (signal: NodeJS.Signals) => child.kill(signal)
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
    for (const signal of signals) process.on(signal, pass)
    const end = (exitCode: number | null) => {
      for (const signal of signals) process.off(signal, pass)
      const isLate = performance.now() - startedAt > startsWithinMs
      resolve({ hasStarted: exitCode === 0 || isLate, exitCode: exitCode ?? 1 })
    }
    child.on('error', () => end(1))
    child.on('exit', (exitCode, signal) => end(signal === null ? exitCode : 0))
  })
}
