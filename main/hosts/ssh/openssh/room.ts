import { constants, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sshError } from '../errors.ts'
import { runTool } from '../tool.ts'

/** A folder of one master: its socket, and the way of its questions. Only the account may enter it. */
export interface Room {
  socketPath: string
  helperPath: string
  /** Both open for reading and writing, not blocking. */
  askFd: number
  answerFd: number
  /**
   * Stands before a program and its arguments, and makes it the one whose questions are answered. It says so itself, and only then
   * begins: nobody else could before its first question.
   */
  asking: readonly string[]
  /** The files are gone at once; who has one open keeps it. */
  remove(): void
}

/** `sun_path` of macOS is 104 bytes with its end; ssh makes the socket under a name that is 17 longer first. */
const longestSocketPath = 104 - 1 - 17

/**
 * What ssh runs in place of asking on a terminal. It writes its number, the kind and the prompt into one pipe, and waits for its line in
 * the other: a secret goes from pipe to pipe, and printf is the shell's own. Named pipes, since no shell can open a socket, and the
 * packed app cannot be started as a plain Node. It gives up when the app is gone: at the start by its process id, later by the pipe's end.
 * Another ssh, as a ProxyCommand, inherits the helper: its questions are about another host, and get no answer.
 */
const helper = `#!/bin/sh
umask 077
dir=\${0%/*}
read -r asker <"$dir/asker" && [ "$PPID" = "$asker" ] || exit 1
kill -0 "$STUDIOLO_PID" 2>/dev/null || exit 1
exec 3<"$dir/answer" || exit 1
printf '%s' "$1" >"$dir/prompt.$$" || exit 1
printf '%s %s\\n' "$$" "\${SSH_ASKPASS_PROMPT:-ask}" >"$dir/ask" || exit 1
[ "$SSH_ASKPASS_PROMPT" = none ] && exit 0
while IFS= read -r line <&3; do
  case $line in
    "$$ no") exit 1 ;;
    "$$ yes "*) printf '%s\\n' "\${line#"$$ yes "}"; exit 0 ;;
  esac
done
exit 1
`

/** Makes the folder in XDG_RUNTIME_DIR or the temporary folder; in /tmp where those have too long a path. */
export async function makeRoom(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Room> {
  const dir = makeFolder([env.XDG_RUNTIME_DIR, tmpdir(), '/tmp'])
  const remove = () => rmSync(dir, { recursive: true, force: true })
  try {
    const helperPath = join(dir, 'helper')
    const [ask, answer] = [join(dir, 'ask'), join(dir, 'answer')]
    writeFileSync(helperPath, helper, { mode: 0o700, flag: 'wx' })
    const { exitCode, stderr } = await runTool('mkfifo', ['-m', '600', ask, answer], {
      env,
      signal,
    })
    if (exitCode !== 0) throw sshError('internal', {}, stderr)
    const flags = constants.O_RDWR | constants.O_NONBLOCK
    return {
      ...{ socketPath: join(dir, 'm'), helperPath, remove },
      asking: ['/bin/sh', '-c', 'echo "$$" >"$0" && exec "$@"', join(dir, 'asker')],
      ...{ askFd: openSync(ask, flags), answerFd: openSync(answer, flags) },
    }
  } catch (error) {
    remove()
    throw error
  }
}

function makeFolder(parents: readonly (string | undefined)[]): string {
  for (const parent of parents) {
    if (parent === undefined || parent === '') continue
    const prefix = join(parent, 'studiolo-')
    if (Buffer.byteLength(`${prefix}XXXXXX/m`) > longestSocketPath) continue
    try {
      return mkdtempSync(prefix)
    } catch {
      // not there, or not ours to write
    }
  }
  throw sshError('internal', {}, 'No folder for the socket of ssh.')
}
