import { errorInfo, StudioloError } from '../../core/errors.ts'
import type { Host } from '../../hosts/host.ts'
import { type PublicKey, publicKeyLine } from './public-key.ts'

/**
 * Adds the line on standard input, whose bytes are counted by the first argument, to the account's `authorized_keys`, unless a line with the same key is there. The new file is written
 * beside the old one and has its mode; a link stays a link. What others may write loses that: sshd ignores such files (StrictModes).
 */
const putScript = `
umask 077
key=$(cat); blob=\${key#* }; blob=\${blob%% *}
[ "$(printf %s "$key" | wc -c)" -eq "$1" ] || { echo 'not all of the key arrived' >&2; exit 1; }
open_to_others() { case $(ls -ldL "$1") in ?????w*|????????w*) return 0;; esac; return 1; }
d=$HOME/.ssh; f=$d/authorized_keys
[ -d "$d" ] || mkdir -m 700 "$d" || exit 1
if open_to_others "$d"; then chmod go-w "$d" || exit 1; fi
if [ -L "$f" ]; then
  r=$(readlink -f "$f" 2>/dev/null)
  [ -n "$r" ] || { echo "$f leads nowhere" >&2; exit 1; }
  f=$r
fi
state=added
mode=600
if [ -e "$f" ]; then
  [ -f "$f" ] || { echo "$f is no file" >&2; exit 1; }
  [ -r "$f" ] || { echo "$f may not be read" >&2; exit 1; }
  if grep -v '^[[:space:]]*#' "$f" | grep -qF -e "$blob"; then state=present; fi
  [ -O "$f" ] || [ $state = present ] || { echo "$f belongs to another account" >&2; exit 1; }
  mode=$(stat -c %a "$f" 2>/dev/null || stat -f %Lp "$f") || exit 1
fi
if [ $state = added ]; then
  t=$f.studiolo-$$
  trap 'rm -f "$t"' EXIT; trap 'exit 1' HUP INT TERM
  if [ -e "$f" ]; then cat "$f" >"$t" || exit 1; else : >"$t" || exit 1; fi
  [ -z "$(tail -c 1 "$t")" ] || echo >>"$t" || exit 1
  printf '%s\\n' "$key" >>"$t" || exit 1
  chmod "$mode" "$t" && chmod go-w "$t" && mv -f "$t" "$f" || exit 1
elif open_to_others "$f"; then chmod go-w "$f" || exit 1; fi
if open_to_others "$HOME"; then echo 'home open'; fi
echo "state $state"
echo "path $f"
`

export interface PutKey {
  /** `present`: a line with this key was there. */
  state: 'added' | 'present'
  /** On the far side. */
  path: string
  /** Others may write into the home folder: sshd then trusts nothing in it. */
  isHomeOpen: boolean
}

/** Puts a key where sshd looks for it. Rejects with `file-unwritable`, or as {@link Host.run}; then nothing was changed. */
export async function putKey(host: Host, key: PublicKey, signal: AbortSignal): Promise<PutKey> {
  const stdin = new TextEncoder().encode(publicKeyLine(key))
  const argv = ['sh', '-c', putScript, 'sh', String(stdin.length)] as const
  const { stdout, stderr, exitCode } = await host.run(argv, { stdin, signal })
  const value = (label: string) => new RegExp(`^${label} (.+)$`, 'm').exec(stdout)?.[1]
  const state = value('state')
  const path = value('path')
  if (exitCode !== 0 || path === undefined || (state !== 'added' && state !== 'present')) {
    const detail = stderr.trim().split('\n').at(-1)?.slice(0, 500) ?? ''
    const params = { path: '~/.ssh/authorized_keys' }
    throw new StudioloError(errorInfo('file-unwritable', params, detail))
  }
  return { state, path, isHomeOpen: value('home') === 'open' }
}
