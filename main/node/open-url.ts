import { spawn } from 'node:child_process'
import { errorInfo, StudioloError } from '../core/errors.ts'

/** How long the opener may take to say that it failed; `xdg-open` can stay as long as the browser. */
const failsWithinMs = 3000

/**
 * Opens an address with the program that the system has for it. The address must hold no secret: other accounts see a
 * program's arguments. Rejects with `not-installed` where nothing opens it.
 */
export function openUrl(
  url: string,
  { platform, env }: { platform: NodeJS.Platform; env: NodeJS.ProcessEnv },
): Promise<void> {
  const program = platform === 'darwin' ? '/usr/bin/open' : 'xdg-open'
  return new Promise((resolve, reject) => {
    const fail = (detail: string) => {
      clearTimeout(timer)
      reject(new StudioloError(errorInfo('not-installed', { name: program }, detail)))
    }
    const child = spawn(program, [url], { env, stdio: 'ignore', detached: true })
    const timer = setTimeout(resolve, failsWithinMs)
    child.once('error', (error) => fail(error.message))
    child.once('exit', (code) => {
      if (code !== 0) return fail(`${program} ended with ${code}`)
      clearTimeout(timer)
      resolve()
    })
    child.unref()
  })
}
