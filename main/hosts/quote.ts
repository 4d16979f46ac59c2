import type { Argv } from './host.ts'

/**
 * The only place that quotes words for a shell. A Host speaks in programs and arguments; where a shell is in between (the
 * far side of SSH), its words are made here. Other places run fixed scripts only, and give them words as arguments.
 */

const plainWord = /^[A-Za-z0-9_@%+:,./-]+$/

/** Bare, they would not be read as a program's name at the start of a command. */
const reservedWords = new Set(
  'case coproc do done elif else end esac fi for foreach function if in nocorrect repeat select then time until while'.split(
    ' ',
  ),
)

/**
 * Words for POSIX sh (dash, bash, zsh as sh). Throws for a NUL, which no argument can hold.
 *
 * @example quotePosix(['echo', "it's", '$HOME']) // echo 'it'\''s' '$HOME'
 */
export function quotePosix(argv: readonly string[]): string {
  return argv.map(quoteWord).join(' ')
}

function quoteWord(word: string): string {
  refuseNul(word)
  if (plainWord.test(word) && !reservedWords.has(word)) return word
  return `'${word.replaceAll("'", "'\\''")}'`
}

/** Folders that an app's or an SSH session's PATH lacks; appended, so that they never hide what the account has. */
export const extraPathDirs: readonly string[] = [
  '/opt/homebrew/bin',
  '/usr/local/bin',
  '~/.lmstudio/bin',
  '~/.local/bin',
  '/usr/sbin',
  '/sbin',
  '/usr/libexec/ApplicationFirewall',
]

/**
 * Variables that every command of ours gets: labels in English; and Tailscale's program, which without TERM believes that it was
 * started by a click (coven-cave#5438), and with TAILSCALE_BE_CLI knows that it was not (tailscale#7140).
 */
export const commandVariables: Readonly<Record<string, string>> = {
  LC_ALL: 'C',
  TERM: 'dumb',
  TAILSCALE_BE_CLI: '1',
}

/** Shell statements, one line, that set up {@link commandVariables} and the PATH. */
export const environmentScript: string = [
  ...Object.entries(commandVariables).map(([name, value]) => `${name}=${value}`),
  `PATH="$PATH:${extraPathDirs.map((dir) => dir.replace(/^~/, '$HOME')).join(':')}"`,
  `export ${Object.keys(commandVariables).join(' ')} PATH`,
].join('; ')

/** An sh script that becomes the program: no shell is left in between, no builtin answers in its place. */
export function commandScript(argv: Argv): string {
  if (argv[0] === '' || argv[0].startsWith('-')) {
    throw new TypeError(`Not a program's name: ${JSON.stringify(argv[0])}`)
  }
  return `${environmentScript}; exec ${quotePosix(argv)}`
}

/** Literal between single quotes in sh, bash, zsh, fish and tcsh alike; on one line. */
const literalInEveryShell = /^[ "#-&(-[\]-~]*$/

/**
 * A command line that any login shell (sh, dash, bash, zsh, fish, tcsh) reads as `exec /bin/sh -c SCRIPT`.
 *
 * The shells agree on little: a newline ends tcsh's quotes and `!` is its history even inside them, fish reads `\\` and
 * `\'` where the others see two characters, and a locale may not know our bytes. So what is not plain goes as octal
 * numbers, and the sh on the far side, the one shell that we do know, puts it together again with `printf %b` (a builtin).
 * The script's own `$1` is then that text; trailing newlines are dropped.
 *
 * @example forLoginShell('uname -s')  // exec /bin/sh -c 'uname -s'
 * @example forLoginShell("echo '!'")  // exec /bin/sh -c 'eval "$(printf %b "$1")"' sh 'echo \0047\0041\0047'
 */
export function forLoginShell(script: string): string {
  refuseNul(script)
  if (literalInEveryShell.test(script)) return `exec /bin/sh -c '${script}'`
  return `exec /bin/sh -c 'eval "$(printf %b "$1")"' sh '${encode(script)}'`
}

/**
 * A ProxyCommand that becomes a program. ssh gives it to the account's login shell after an `exec`, and reads it with quotes of its own
 * before. Its tokens (`%h`, and `%%` for a percent sign) count in the arguments.
 *
 * @example forProxyCommand(['nc', '%h', '%p']) // /bin/sh -c 'exec nc %h %p'
 */
export function forProxyCommand(argv: Argv): string {
  const line = forLoginShell(`exec ${quotePosix(argv)}`)
  return line.replace(/^exec /, '').replace('printf %b', 'printf %%b')
}

function encode(script: string): string {
  let text = ''
  for (const byte of new TextEncoder().encode(script)) {
    const char = String.fromCharCode(byte)
    text += literalInEveryShell.test(char) ? char : `\\0${byte.toString(8).padStart(3, '0')}`
  }
  return text
}

function refuseNul(text: string): void {
  if (text.includes('\0')) throw new TypeError('A command cannot contain a NUL character')
}
