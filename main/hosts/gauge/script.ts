import type { Argv, Tick } from '../host.ts'
import { environmentScript, quotePosix } from '../quote.ts'

/**
 * The sh script that answers ticks; run it with `forLoginShell(compileGauge(list))` and hand its streams to
 * `createTicker`. It reads a nonce, then asks: lines of a number and the numbers of the commands that are due. It runs
 * these one after the other and prints their outputs as `FrameParser` reads them, then waits for the next line; so it
 * sleeps between asks, and ends at the end of its input.
 *
 * A command costs one fork; all `cat FILE` of a tick (Linux' /proc) together cost one. A slow command runs beside the others
 * into a private folder, which the script removes when it ends, and is handed out with the first ask after its end.
 */
export function compileGauge(list: readonly Tick[]): string {
  const commands = distinctCommands(list)
  const files = commands.flatMap((command, i) => (command.path === null ? [] : [i]))
  const slow = commands.flatMap((command, i) => (command.isSlow ? [i] : []))
  return [
    environmentScript,
    'IFS= read -r n || exit 0',
    '[ -n "$TMPDIR" ] && t=$TMPDIR || t=/tmp',
    files.length + slow.length > 0
      ? 'd=$(mktemp -d "$t/studiolo.XXXXXXXX" 2>/dev/null) || d='
      : 'd=',
    // on a full disk there is no folder: then slow commands and files are answered one by one
    'r=',
    `trap 'for e in $r; do kill "\${e#*:}" 2>/dev/null; done; [ -z "$d" ] || rm -rf "$d"' EXIT`,
    "trap 'exit 0' HUP INT TERM PIPE",
    ...commands.map((command, i) => `c${i}() { exec ${quotePosix(command.argv)}; }`),
    helpers,
    ...files.map((i) => `[ -z "$d" ] || printf '\\n%s %s 0\\n' "$n" ${i} >"$d/m${i}"`),
    ...(files.length > 0 ? [groupFunction(files, commands)] : []),
    'mark start $$',
    'while IFS= read -r l; do',
    '  set -- $l; q=$1; shift; deliver; g= s=',
    '  for i do case $i in',
    ...(slow.length > 0 ? [`    ${slow.join('|')}) start "$i" ;;`] : []),
    ...(files.length > 0 ? [`    ${files.join('|')}) g="$g $i" ;;`] : []),
    '    *) answer "$i" ;;',
    '  esac; done',
    ...(files.length > 0 ? ['  [ -z "$g" ] || group $g'] : []),
    '  finish "$q"',
    'done',
  ].join('\n')
}

/**
 * `r` lists the slow commands that run, as number:pid. Their `wait` frees the shell's entry for the job. `s` is the exit code of a group:
 * it is said with the end, since over SSH each piece of output is a packet of its own.
 */
const helpers = `
mark() { printf '\\n%s %s %s\\n' "$n" "$1" "$2"; printf '\\n%s %s %s\\n' "$n" "$1" "$2" >&2; }
finish() {
  printf '\\n%s end %s\\n' "$n" "$1"
  printf "\${s:+\\n$n group $s\\n}\\n%s end %s\\n" "$n" "$1" >&2
}
answer() { ("c$1") </dev/null; mark "$1" $?; }
start() {
  case " $r" in *" $1:"*) return ;; esac
  if [ -z "$d" ]; then answer "$1"; return; fi
  : >"$d/x$1"
  ( "c$1" >"$d/o$1" 2>"$d/e$1" & p=$!
    trap 'kill $p 2>/dev/null; exit 0' TERM
    wait $p; echo $? >"$d/x$1" ) </dev/null >/dev/null 2>&1 &
  r="$r $1:$!"
}
deliver() {
  k=
  for e in $r; do
    i=\${e%%:*}
    if [ -s "$d/x$i" ]; then
      wait "\${e#*:}"; read -r c <"$d/x$i"
      [ ! -s "$d/o$i" ] || cat "$d/o$i"
      [ ! -s "$d/e$i" ] || cat "$d/e$i" >&2
      mark "$i" "$c"
    else k="$k $e"; fi
  done
  r=$k
}`.trim()

/** Turns the numbers into `FILE MARK FILE MARK ...` for one `cat`; a file that cannot be opened is left to `answer`. */
function groupFunction(files: readonly number[], commands: readonly Command[]): string {
  return [
    'group() {',
    '  for i do',
    '    shift',
    '    case $i in',
    ...files.map((i) => `      ${i}) p=${quotePosix([commands[i]?.path ?? ''])} ;;`),
    '    esac',
    '    if [ -n "$d" ] && [ -r "$p" ]; then set -- "$@" "$p" "$d/m$i"; else answer "$i"; fi',
    '  done',
    '  [ $# -eq 0 ] || { cat "$@" </dev/null; s=$?; }',
    '}',
  ].join('\n')
}

export interface Command {
  argv: Argv
  labels: readonly string[]
  isSlow: boolean
  /** Of `cat PATH`. */
  path: string | null
}

/** The same arguments under two labels are one command. */
export function distinctCommands(list: readonly Tick[]): Command[] {
  const byArgv = new Map<string, Command>()
  for (const { argv, label, isSlow = false } of list) {
    const key = JSON.stringify([argv, isSlow])
    const labels = [...(byArgv.get(key)?.labels ?? []), label]
    byArgv.set(key, { argv, labels, isSlow, path: isSlow ? null : plainFile(argv) })
  }
  return [...byArgv.values()]
}

/**
 * The path of `cat PATH`, which can be answered without starting `cat`; null for any other command, and for paths that
 * `cat` would quote when it complains about them.
 */
export function plainFile(argv: Argv): string | null {
  const [program, path, ...more] = argv
  if (program !== 'cat' || path === undefined || more.length > 0) return null
  return /^\/[\w@%+,./-]*$/.test(path) ? path : null
}
