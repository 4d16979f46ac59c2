import { homedir } from 'node:os'
import { settingsPath } from './core/settings.ts'
import type { CliIo } from './node/cli/io.ts'
import { run as runCli } from './node/cli/run.ts'
import { clock, createHostFactory } from './node/compose.ts'
import { languageOf } from './node/desktop.ts'
import { findRoot } from './node/root.ts'
import { createMemorySecrets } from './node/secrets.ts'
import { loadWords } from './node/words.ts'

const silence = { debug() {}, info() {}, warn() {}, error() {} }

/** What surrounds the command line in this process. */
export function systemIo(): CliIo {
  const { platform, env } = process
  const homeDir = env.HOME || homedir()
  const root = findRoot(import.meta.dirname)
  const say = loadWords(root.resourcesDir)
  const language = languageOf(env)
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    say: (message, chosen = language, now = clock.now()) => say(message, chosen, now),
    hosts: createHostFactory({
      ...{ resourcesDir: root.resourcesDir, env, homeDir, clock },
      ...{ log: silence, secrets: createMemorySecrets() },
    }),
    settingsPath: settingsPath({ platform, env, homeDir }),
    isWatched: process.stderr.isTTY === true,
    ...{ language, version: root.version, homeDir, env, platform, log: silence },
  }
}

/** The command line, `argv` without the program's name; resolves with the exit status. Also for `Studiolo --cli`. */
export function run(argv: readonly string[], io: CliIo = systemIo()): Promise<number> {
  return runCli(argv, io)
}

if (import.meta.main) {
  // `| head` closes early; there is nobody left to tell
  process.stdout.on('error', () => process.exit(0))
  // no top-level await: Electron's main imports this file too, and older builds of it are CommonJS
  void run(process.argv.slice(2)).then((status) => {
    process.exitCode = status
    // a connection that is slow to close is not waited for
    setTimeout(() => process.exit(), 2000).unref()
  })
}
