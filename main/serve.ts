import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Message } from '../preload/contract/base.ts'
import { languageOf } from './node/desktop.ts'
import { leanGlobals } from './node/lean-globals.ts'
import { findRoot } from './node/root.ts'
import { serve } from './node/serve.ts'
import { parseServeArgs, type ServeOptions, startFailure } from './node/serve-options.ts'
import { loadWords } from './node/words.ts'

/** The browser host: the app in a browser on this machine, from the sources or from `out/`. */
leanGlobals()
const root = findRoot(import.meta.dirname)
const say = loadWords(root.resourcesDir)
const language = languageOf(process.env)
const parsed = parseServeArgs(process.argv.slice(2))

function fail(message: Message, exitCode: number): void {
  process.stderr.write(`${say(message, language)}\n`)
  process.exitCode = exitCode
}

async function run(options: ServeOptions): Promise<void> {
  const host = await serve(options, {
    platform: process.platform,
    env: process.env,
    homeDir: process.env.HOME || homedir(),
    ...{ root, say },
    terminal: { input: process.stdin, write: (line) => process.stdout.write(`${line}\n`) },
  })
  let isEnding = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // the second time the person has lost patience
      if (isEnding) process.exit(1)
      isEnding = true
      void host.close().finally(() => process.exit(0))
    })
  }
}

if (parsed.kind === 'help') {
  process.stdout.write(`${say({ key: 'serve.usage' }, language)}\n`)
} else if (parsed.kind === 'wrong') {
  fail(parsed.message, 64)
} else if (!existsSync(join(root.pageDir, 'index.html'))) {
  fail({ key: 'serve.not-built' }, 1)
} else {
  await run(parsed.options).catch((error) => fail(startFailure(error, parsed.options.port), 1))
}
