import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './run.ts'

const fetchWithinMs = 600_000

/** The path of Electron's program; null where only its npm package is there. */
export function findElectron(rootDir: string): string | null {
  const packageDir = join(rootDir, 'node_modules', 'electron')
  try {
    const path = join(packageDir, 'dist', readFileSync(join(packageDir, 'path.txt'), 'utf8'))
    return existsSync(path) ? path : null
  } catch {
    return null
  }
}

/** Fetches Electron's own release, as `npx install-electron` does. Answers with null, or with what went wrong. */
export async function fetchElectron(rootDir: string): Promise<string | null> {
  const script = join(rootDir, 'node_modules', 'electron', 'install.js')
  const { exitCode, text } = await run(process.execPath, [script], {
    cwd: rootDir,
    timeoutMs: fetchWithinMs,
  })
  if (exitCode === 0) return null
  const reasons = text.match(/^\s*(?:\w*Error|\[cause\]): .+$/gm) ?? text.trim().split('\n')
  return reasons.at(-1)?.replace(/^\s*(\[cause\]: )?\w*Error: /, '') ?? ''
}
