import type { HostError } from '../host.ts'
import { forProxyCommand, quotePosix } from '../quote.ts'
import type { SshConfig } from './config.ts'
import { sshError } from './errors.ts'

/** What OpenSSH itself refuses to put into a ProxyCommand (CVE-2023-51385), and a little more. */
const harmless = /^[A-Za-z0-9_.:@%[\]-]+$/

/** Does a ProxyCommand hand the bytes to Tailscale itself? `tailscale nc %h %p`, with or without a path and options. */
export function isTailscaleProxy(proxyCommand: string | null): boolean {
  return /\btailscale\b[^|;&]*\snc\s/i.test(`${proxyCommand ?? ''} `)
}

/** Behind a proxy that looks names up itself, an address of ours may mean nothing. Tailscale's own knows both. */
export function isNamedByProxy({
  proxyJump,
  proxyCommand,
}: Pick<SshConfig, 'proxyJump' | 'proxyCommand'>): boolean {
  return proxyJump !== null || (proxyCommand !== null && !isTailscaleProxy(proxyCommand))
}

/**
 * Puts the tokens of ssh_config(5) into a ProxyCommand. The command is the person's own, from their configuration, and is meant
 * for a shell; the names that go into it are not, and are refused unless they are plain.
 *
 * @example expandProxyCommand({ proxyCommand: 'nc -x proxy %h %p', hostname: 'studio', port: 22, ... }) // 'nc -x proxy studio 22'
 */
export function expandProxyCommand(config: SshConfig): string {
  const { proxyCommand, hostname, port, user, target, hostKeyAlias } = config
  return (proxyCommand ?? '').replace(/%([%hknpr])/g, (_, token: string) => {
    switch (token) {
      case 'h':
        return plain(hostname)
      case 'k':
        return plain(hostKeyAlias ?? hostname)
      case 'n':
        return plain(target)
      case 'p':
        return String(port)
      case 'r':
        return plain(user)
      default:
        return '%'
    }
  })

  function plain(text: string): string {
    if (harmless.test(text) && !text.startsWith('-')) return text
    throw sshError('ssh-config', { target }, `ProxyCommand ${JSON.stringify(text)}`)
  }
}

const hopOptions = [
  ...['BatchMode=yes', 'StrictHostKeyChecking=yes', 'ClearAllForwardings=yes'],
].flatMap((option) => ['-o', option])

interface Hop {
  /** Null: as configured. */
  user: string | null
  host: string
  port: number | null
}

/** More hops than anybody has: a configuration that leads from one to the other and back. */
const mostHops = 10

/**
 * The configuration with all hops of a ProxyJump: in front, those over which the configuration of the first hop leads. ssh would go over
 * them by itself, with a further ssh that asks on the terminal and may accept keys that nobody has seen. `resolve` asks `ssh -G`.
 *
 * @example await withAllHops({ proxyJump: 'b', ... }, ...) // { proxyJump: 'a,b', ... } where b has `ProxyJump a`
 */
export async function withAllHops(
  config: SshConfig,
  resolve: (hop: Hop) => Promise<Pick<SshConfig, 'proxyJump'>>,
): Promise<SshConfig> {
  let proxyJump = config.proxyJump
  while (proxyJump !== null) {
    const [first] = hopsOf({ ...config, proxyJump })
    const before = first === undefined ? null : (await resolve(first)).proxyJump
    if (before === null) break
    proxyJump = `${before},${proxyJump}`
  }
  return { ...config, proxyJump }
}

/**
 * Arguments for the system's `ssh` that carry a connection over ProxyJump, as OpenSSH does itself: through the last hop with
 * `-W`, which is reached through an ssh to the hop before as its ProxyCommand, and so on. None may ask anything (BatchMode), since nobody
 * would see the question, or take a key that is not known.
 *
 * @example jumpCommand({ proxyJump: 'a,ana@b:2222', hostname: 'studio', port: 22, ... })
 * // ['-o', 'BatchMode=yes', ..., '-o', 'ProxyCommand=/bin/sh -c ...', '-l', 'ana', '-p', '2222', '-W', '[studio]:22', '--', 'b']
 */
export function jumpCommand(config: SshConfig): string[] {
  let proxyCommand: string | null = null
  const to = `[${config.hostname}]:${config.port}`
  let args: string[] = []
  for (const { user, host, port } of hopsOf(config)) {
    const way = [
      ...config.sshArguments,
      ...hopOptions,
      ...(proxyCommand === null ? [] : ['-o', `ProxyCommand=${proxyCommand}`]),
      ...(user === null ? [] : ['-l', user]),
      ...(port === null ? [] : ['-p', String(port)]),
    ]
    args = [...way, '-W', to, '--', host]
    // the ssh to the next hop puts in where that is
    proxyCommand = forProxyCommand([
      'ssh',
      ...way.map(literal),
      '-W',
      '[%h]:%p',
      '--',
      literal(host),
    ])
  }
  return args
}

/** Not a token of ssh_config(5). */
export function literal(word: string): string {
  return word.replaceAll('%', '%%')
}

/** Throws a HostError where the configuration names no hosts there. */
export function hopsOf({ proxyJump, target }: Pick<SshConfig, 'proxyJump' | 'target'>): Hop[] {
  const hops = (proxyJump ?? '').split(',')
  if (hops.length > mostHops) throw sshError('ssh-config', { target }, `ProxyJump ${proxyJump}`)
  return hops.map((hop) => parseHop(hop.trim(), target))
}

/** `[user@]host[:port]`, `[user@][v6]:port`, `ssh://user@host:port`. */
function parseHop(hop: string, target: string): Hop {
  const match =
    /^(?:ssh:\/\/)?(?:(.+)@)?(?:\[([^\]]+)\]|([^:@/]+|[0-9a-fA-F:]+))(?::(\d+))?\/?$/.exec(hop)
  const host = match?.[2] ?? match?.[3]
  if (host === undefined) throw sshError('ssh-config', { target }, `ProxyJump ${hop}`)
  const port = match?.[4]
  return { user: match?.[1] ?? null, host, port: port === undefined ? null : Number(port) }
}

/** The program in between ended before the host's first word; the remedy is the same way by hand. */
export function proxyFailure(
  config: Pick<SshConfig, 'hostname' | 'target'>,
  via: string,
  said: string,
): HostError {
  return sshError('proxy-failed', { address: config.hostname, via }, said, {
    key: said === '' ? 'error.proxy-silent' : 'error.proxy-failed',
    remedy: {
      ...{ kind: 'run-command', where: 'here' },
      text: { key: 'error.remedy.proxy-failed' },
      target: quotePosix(['ssh', '--', config.target]),
    },
  })
}
