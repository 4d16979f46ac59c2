import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const root = join(import.meta.dirname, '../../..')
const startWithinMs = 30_000

/** What `npm start` gives to Node. */
const startFlags: string[] = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
).scripts.start.match(/--\S+/g)

export interface App {
  /** Opens one page; valid once, within a minute. */
  link: string
  homeDir: string
  pid(): number
  /** Ends the process and starts it again with the same home. */
  restart(): Promise<void>
  close(): Promise<void>
}

export interface AppOptions {
  /** @default 'out/main/serve.js' */
  script?: string
  args?: readonly string[]
  env?: Record<string, string>
  /** An existing home folder; by default an empty one of the app's own, removed with it. */
  homeDir?: string
  /** Runs the program in another place, such as a network namespace: words before the program. */
  prefix?: readonly string[]
}

/** The built app, served to a browser by a process of its own. */
export async function startApp(options: AppOptions = {}): Promise<App> {
  const homeDir = options.homeDir ?? mkdtempSync(join(tmpdir(), 'studiolo-e2e-'))
  let child: ChildProcess | null = null

  async function start(): Promise<string> {
    const serve = [
      process.execPath,
      ...startFlags,
      join(root, options.script ?? 'out/main/serve.js'),
      '--no-open',
      ...(options.args ?? []),
    ]
    const [program = '', ...args] = [...(options.prefix ?? []), ...serve]
    const env = { PATH: process.env.PATH, HOME: homeDir, LANG: 'C.UTF-8', ...options.env }
    const started = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    child = started
    let said = ''
    started.stderr?.on('data', (text) => {
      said += text
    })
    const lines = createInterface(started.stdout as NodeJS.ReadableStream)
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const timer = setTimeout(
      () => reject(new Error(`no link within ${startWithinMs} ms: ${said}`)),
      startWithinMs,
    )
    lines.on('line', (line) => {
      const link = /http:\/\/\S+/.exec(line)?.[0]
      if (link !== undefined) resolve(link)
      said += `${line}\n`
    })
    started.once('exit', (code) => reject(new Error(`ended with ${code}: ${said}`)))
    try {
      return await promise
    } finally {
      clearTimeout(timer)
    }
  }

  async function stop() {
    const running = child
    child = null
    if (running === null || running.exitCode !== null) return
    const exited = once(running, 'exit')
    running.kill('SIGTERM')
    await exited
  }

  const app: App = {
    link: await start(),
    homeDir,
    pid: () => child?.pid ?? Number.NaN,
    async restart() {
      await stop()
      app.link = await start()
    },
    async close() {
      await stop()
      if (options.homeDir === undefined) rmSync(homeDir, { recursive: true, force: true })
    },
  }
  return app
}
