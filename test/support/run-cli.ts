import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { run, systemIo } from '../../main/cli.ts'
import { settingsPath } from '../../main/core/settings.ts'
import type { Recording } from '../../main/hosts/recording/recording.ts'
import type { Language } from '../../preload/words/units.ts'

const rootDir = join(import.meta.dirname, '../..')

export interface CliAnswer {
  exitCode: number | null
  stdout: string
  stderr: string
}

/** A home of its own for the command line, removed after the test. */
export function makeHome(): string {
  const dir = mkdtempSync(join(tmpdir(), 'studiolo-cli-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** Runs `main/cli.ts` from the sources, as `npm run studiolo` does; programs of `binDir` are found before the system's. */
export function runCli(
  args: readonly string[],
  {
    homeDir,
    language = 'en_US.UTF-8',
    binDir,
  }: { homeDir: string; language?: string; binDir?: string },
): Promise<CliAnswer> {
  const child = spawn(process.execPath, [join(rootDir, 'main/cli.ts'), ...args], {
    cwd: homeDir,
    env: {
      ...{ HOME: homeDir, LANG: language },
      PATH: [...(binDir === undefined ? [] : [binDir]), process.env.PATH].join(delimiter),
    },
    timeout: 25_000,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const answer: CliAnswer = { exitCode: null, stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    answer.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    answer.stderr += text
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode) => resolve({ ...answer, exitCode }))
  })
}

/** The same within this process: quicker, for what ends before any Host is asked. */
export async function runCliHere(
  args: readonly string[],
  { homeDir, language = 'en' }: { homeDir: string; language?: Language },
): Promise<CliAnswer> {
  const answer: CliAnswer = { exitCode: null, stdout: '', stderr: '' }
  const io = systemIo()
  answer.exitCode = await run(args, {
    ...io,
    language,
    say: (message, chosen = language, now) => io.say(message, chosen, now),
    settingsPath: join(homeDir, 'settings.json'),
    out: (text) => {
      answer.stdout += text
    },
    err: (text) => {
      answer.stderr += text
    },
  })
  return answer
}

/** The recording of the demo Studio. */
export function demoRecording(): Recording {
  return JSON.parse(readFileSync(join(rootDir, 'resources/demo/mac-studio.json'), 'utf8'))
}

/** The recording with other answers: by the arguments without the program's folder; null takes the command out. */
export function withAnswers(
  recording: Recording,
  answers: Readonly<Record<string, { stdout?: string; stderr?: string; exitCode?: number } | null>>,
): Recording {
  const nameOf = ([program = '', ...args]: readonly string[]) =>
    [program.slice(program.lastIndexOf('/') + 1), ...args].join(' ')
  const kept = recording.commands.filter(({ argv }) => !(nameOf(argv) in answers))
  const added = Object.entries(answers).flatMap(([command, answer]) => {
    const [program = '', ...args] = command.split(' ')
    const argv: [string, ...string[]] = [program, ...args]
    return answer === null
      ? []
      : [{ argv, stdout: '', stderr: '', exitCode: 0, durationMs: 1, ...answer }]
  })
  return { ...recording, commands: [...kept, ...added] }
}

export function writeRecording(dir: string, recording: unknown): string {
  const path = join(dir, 'recording.json')
  writeFileSync(path, typeof recording === 'string' ? recording : JSON.stringify(recording))
  return path
}

/** Writes the settings file of this home and answers with its folder. */
export function writeSettings(homeDir: string, text: string): string {
  const path = settingsPath({ platform: process.platform, env: {}, homeDir })
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return dirname(path)
}
