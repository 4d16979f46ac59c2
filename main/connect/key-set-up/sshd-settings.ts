import type { Host } from '../../hosts/host.ts'

/** What an SSH server was told about keys, as far as the account may read that. Null = not said, so OpenSSH's default holds. */
export interface SshdSettings {
  acceptsKeys: boolean | null
  /** Paths with tokens, as written: `.ssh/authorized_keys`, `/etc/ssh/keys/%u`. */
  keyFiles: readonly string[] | null
}

/** The folder is included at the top of the file on macOS and on Debian; sshd takes the first value it finds. */
const readScript =
  'for f in /etc/ssh/sshd_config.d/* /etc/ssh/sshd_config; do [ -f "$f" ] && echo && echo "File $f" && cat "$f"; done 2>/dev/null; :'

/** Never rejects: what cannot be read is null. */
export async function readSshdSettings(host: Host, signal: AbortSignal): Promise<SshdSettings> {
  const text = await host.run(['sh', '-c', readScript], { signal }).then(
    ({ stdout }) => stdout,
    () => '',
  )
  return parseSshdSettings(text)
}

/** See sshd_config(5). What stands behind `Match` holds for some only, and is left out. */
export function parseSshdSettings(text: string): SshdSettings {
  const found = new Map<string, string>()
  let isForSome = false
  for (const line of text.split('\n')) {
    const [, word = '', value = ''] = /^\s*(\w+)(?:\s*=\s*|\s+)(.+?)\s*$/.exec(line) ?? []
    const keyword = word.toLowerCase()
    if (keyword === 'file') isForSome = false
    if (keyword === 'match') isForSome = true
    if (!isForSome && keyword !== '' && !found.has(keyword)) found.set(keyword, value)
  }
  const accepts = found.get('pubkeyauthentication')?.toLowerCase()
  const files = found.get('authorizedkeysfile')
  return {
    acceptsKeys: accepts === 'yes' || accepts === 'no' ? accepts === 'yes' : null,
    keyFiles: files === undefined ? null : files.replaceAll('"', '').split(/\s+/),
  }
}

/** Whether `~/.ssh/authorized_keys` is among them. */
export function isUsualKeyFile(path: string): boolean {
  return /^(?:%h\/|~\/)?\.ssh\/authorized_keys$/.test(path)
}
