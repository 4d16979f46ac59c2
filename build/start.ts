import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { languageOf } from '../main/node/desktop.ts'
import { withFileLock } from '../main/node/file-lock.ts'
import { findRoot } from '../main/node/root.ts'
import { parseServeArgs } from '../main/node/serve-options.ts'
import { loadWords } from '../main/node/words.ts'
import type { Message } from '../preload/contract/base.ts'
import { reasonForBrowser } from './start/choose-face.ts'
import { fetchElectron, findElectron } from './start/electron-binary.ts'
import { isBuilt } from './start/freshness.ts'
import { run } from './start/run.ts'
import { runElectron } from './start/run-electron.ts'

/** `npm start`: the app in Electron where that can run, else in a browser, saying why. */
const { dir, resourcesDir } = findRoot(import.meta.dirname)
const say = loadWords(resourcesDir)
const language = languageOf(process.env)
const buildWithinMs = 180_000
const given = process.argv.slice(2)
const args = given.filter((arg) => arg !== '--browser')

function tell(message: Message): void {
  process.stderr.write(`${say(message, language)}\n`)
}

/** Two starts at once build once. */
function build(): Promise<boolean> {
  return withFileLock(
    join(dir, 'node_modules', '.studiolo-build.lock'),
    async () => {
      if (isBuilt(dir)) return true
      tell({ key: 'serve.building' })
      const script = join(dir, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
      const { exitCode } = await run(process.execPath, [script, 'build', '--logLevel', 'warn'], {
        ...{ cwd: dir, timeoutMs: buildWithinMs, isShown: true },
      })
      return exitCode === 0
    },
    { waitMs: buildWithinMs, patienceMs: buildWithinMs },
  )
}

/** Shows the window, and answers when the app has ended; or answers why there can be none. */
async function startElectron(): Promise<Message | null> {
  if (findElectron(dir) === null) tell({ key: 'serve.fetching-electron' })
  const detail = findElectron(dir) === null ? await fetchElectron(dir) : null
  const program = findElectron(dir)
  if (program === null) return { key: 'serve.browser-no-electron', params: { detail } }
  const { hasStarted, exitCode } = await runElectron(program, args, { cwd: dir, env: process.env })
  if (!hasStarted) return { key: 'serve.browser-electron-failed', params: { exitCode } }
  process.exitCode = exitCode
  return null
}

/** Becomes the browser host: what this script took besides, Node's TypeScript above all, would stay for the day: some 20 MB. */
async function startBrowserHost(): Promise<void> {
  const script = join(dir, 'out', 'main', 'serve.js')
  process.execve?.(process.execPath, [process.execPath, ...process.execArgv, script, ...args])
  // Windows has no execve
  process.argv.splice(2, process.argv.length, ...args)
  await import(pathToFileURL(script).href)
}

const parsed = parseServeArgs(args)
if (parsed.kind === 'help') {
  process.stdout.write(`${say({ key: 'serve.usage' }, language)}\n`)
} else if (parsed.kind === 'wrong') {
  tell(parsed.message)
  process.exitCode = 64
} else if (!(await build())) {
  tell({ key: 'serve.build-failed' })
  process.exitCode = 1
} else {
  const isBrowserWanted = given.length > args.length
  const { platform, env } = process
  const userId = process.getuid?.() ?? null
  const reason =
    reasonForBrowser({ isBrowserWanted, platform, env, userId }) ?? (await startElectron())
  if (reason !== null) {
    if (!isBrowserWanted) tell(reason)
    await startBrowserHost()
  }
}
