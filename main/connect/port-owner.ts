import type { Host } from '../hosts/host.ts'

/** A process that listens on a port. */
export interface Listener {
  pid: number
  /** As the kernel has it, often cut: 15 characters on Linux, and `MainThread` for a Node program. */
  name: string
  /** As printed, without the port: `127.0.0.1`, `*`, `[::1]`. */
  address: string
}

/**
 * Which process keeps a port of this machine's 127.0.0.1 from others. Runs up to two commands. Null where that cannot be told: programs
 * of other accounts are shown to root only. Never rejects.
 *
 *     await findPortOwner(host, 11434)   // { pid: 812, name: 'ollama' }
 */
export async function findPortOwner(
  local: Host,
  port: number,
): Promise<{ pid: number; name: string } | null> {
  try {
    const { platform } = await local.identify()
    const isMac = platform === 'darwin'
    const { stdout } = isMac
      ? await local.run(['lsof', '-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpcn'])
      : await local.run(['ss', '-ltnpH', `sport = :${port}`])
    const listener = (isMac ? parseLsof(stdout) : parseSs(stdout)).find(isInTheWay)
    if (listener === undefined) return null
    const { pid, name } = listener
    const path = await local.run(
      isMac ? ['ps', '-p', String(pid), '-o', 'comm='] : ['readlink', `/proc/${pid}/exe`],
    )
    return { pid, name: programName(path.stdout) ?? name }
  } catch {
    return null
  }
}

function isInTheWay({ address }: Listener): boolean {
  return ['127.0.0.1', '0.0.0.0', '*', '[::]'].includes(address.replace(/%.*$/, ''))
}

/** @example '/usr/bin/node (deleted)\n' -> 'node' */
function programName(path: string): string | null {
  const name = path
    .trim()
    .replace(/ \(deleted\)$/, '')
    .split('/')
    .at(-1)
  return name === undefined || name === '' ? null : name
}

/**
 * `lsof -F`: a letter, then the field; `p` begins a process and `f` a file of it. See lsof(8), OUTPUT FOR OTHER PROGRAMS: what cannot be
 * printed comes as `\x20`.
 *
 *     p812
 *     collama
 *     f4
 *     n127.0.0.1:11434
 */
export function parseLsof(text: string): Listener[] {
  const found: Listener[] = []
  let pid: number | null = null
  let name = ''
  for (const line of text.split('\n')) {
    const value = line.slice(1)
    if (line.startsWith('p')) {
      pid = /^\d+$/.test(value) ? Number(value) : null
      name = ''
    } else if (line.startsWith('c')) name = decodeHex(value)
    else if (line.startsWith('n') && pid !== null && name !== '') {
      const address = addressOf(value)
      if (address !== null) found.push({ pid, name, address })
    }
  }
  return found
}

function decodeHex(text: string): string {
  return text.replace(/(?:\\x[0-9a-f]{2})+/g, (escapes) =>
    Buffer.from(escapes.replaceAll('\\x', ''), 'hex').toString(),
  )
}

/**
 * `ss -ltnpH`: state, two queues, own address, peer, then the processes, which are missing for other accounts' sockets.
 *
 *     LISTEN 0      4096   127.0.0.1:11434 0.0.0.0:* users:(("ollama",pid=812,fd=3))
 */
export function parseSs(text: string): Listener[] {
  return text.split('\n').flatMap((line) => {
    const [state, , , own] = line.trim().split(/\s+/)
    const owner = /users:\(\("(.*?)",pid=(\d+)/.exec(line)
    const address = own === undefined ? null : addressOf(own)
    if (state !== 'LISTEN' || address === null) return []
    const [, name = '', pid = ''] = owner ?? []
    return name === '' ? [] : [{ pid: Number(pid), name, address }]
  })
}

/** @example '[::1]:8888' -> '[::1]' */
function addressOf(text: string): string | null {
  return /^(\S+):\d+$/.exec(text)?.[1] ?? null
}
