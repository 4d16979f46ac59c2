import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { quotePosix } from '../../main/hosts/quote.ts'
import type { RecordedCommand, Recording } from '../../main/hosts/recording/recording.ts'

/**
 * Fills a folder with programs that print a recording: one sh script per program, which looks its arguments up. The same
 * arguments may be recorded several times: each run prints the next answer, the last one stays. Arguments that are not in the
 * recording end with exit status 70 and say so.
 */
export function writeRecordingShims(dir: string, recording: Recording): void {
  const dataDir = join(dir, '.answers')
  mkdirSync(dataDir, { recursive: true })
  const programs = new Map<string, Map<string, RecordedCommand[]>>()
  for (const command of [...identityCommands(recording), ...recording.commands]) {
    const [path, ...args] = command.argv
    const name = path.slice(path.lastIndexOf('/') + 1)
    // a shell that only knew recorded words could not run the scripts that ask
    if (name === 'sh') continue
    const byArgs = programs.get(name) ?? new Map<string, RecordedCommand[]>()
    programs.set(name, byArgs)
    const key = joined(args)
    byArgs.set(key, [...(byArgs.get(key) ?? []), command])
  }
  let number = 0
  for (const [name, byArgs] of programs) {
    const branches = [...byArgs].map(([key, answers]) => {
      number += 1
      return `  ${quotePosix([key])}) ${writeAnswers(join(dataDir, String(number)), answers)} ;;`
    })
    const path = join(dir, name)
    writeFileSync(path, shim(name, branches))
    chmodSync(path, 0o755)
  }
}

/** An argument cannot hold this character in anything that we ask. */
const separator = '\u001f'

function joined(args: readonly string[]): string {
  return args.map((arg) => `${arg}${separator}`).join('')
}

function shim(name: string, branches: readonly string[]): string {
  return `#!/bin/sh
asked=$(printf '%s${separator}' "$@")
[ $# -gt 0 ] || asked=
case $asked in
${branches.join('\n')}
  *) echo ${quotePosix([`${name}: not in the recording`])} >&2; exit 70 ;;
esac
next=0
[ ! -f "$answers.next" ] || read -r next <"$answers.next"
[ "$next" -lt "$last" ] && echo $((next + 1)) >"$answers.next"
cat "$answers.$next.out"
cat "$answers.$next.err" >&2
read -r code <"$answers.$next.code"
exit "$code"
`
}

function writeAnswers(path: string, answers: readonly RecordedCommand[]): string {
  for (const [i, { stdout, stderr, exitCode }] of answers.entries()) {
    writeFileSync(`${path}.${i}.out`, stdout)
    writeFileSync(`${path}.${i}.err`, stderr)
    writeFileSync(`${path}.${i}.code`, `${exitCode}\n`)
  }
  return `answers=${quotePosix([path])}; last=${answers.length - 1}`
}

/** Who the recording was made of, for the commands that ask it. Recorded answers win: they come later and are asked first. */
function identityCommands(recording: Recording): RecordedCommand[] {
  const { name, platform, account, groups = ['staff'], userId = 501 } = recording.host
  const answers: [string[], string][] = [
    [['uname', '-s'], platform === 'darwin' ? 'Darwin' : 'Linux'],
    [['uname', '-n'], `${name}.local`],
    [['hostname'], `${name}.local`],
    [['id', '-un'], account],
    [['id', '-u'], String(userId)],
    [['id', '-Gn'], groups.join(' ')],
  ]
  const recorded = new Set(recording.commands.map(({ argv }) => argv.join(' ')))
  return answers
    .filter(([argv]) => !recorded.has(argv.join(' ')))
    .map(([[program = '', ...args], text]) => ({
      argv: [program, ...args],
      stdout: `${text}\n`,
      stderr: '',
      exitCode: 0,
      durationMs: 0,
    }))
}
