import type { SshConfig } from './config.ts'
import { sshError } from './errors.ts'

/** What OpenSSH itself refuses to put into a ProxyCommand (CVE-2023-51385), and a little more. */
const harmless = /^[A-Za-z0-9_.:@%[\]-]+$/

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
    throw sshError('ssh-config', { target }, `ProxyCommand cannot take the name ${text}`)
  }
}

/**
 * Arguments for the system's `ssh` that carry a connection over ProxyJump, as OpenSSH does itself: through the last hop with
 * `-W`, which is reached over the hops before. It may not ask anything (BatchMode): nobody would see the question.
 *
 * @example jumpCommand({ proxyJump: 'a,ana@b:2222', hostname: 'studio', port: 22, ... })
 * // ['-o', 'BatchMode=yes', '-J', 'a', '-l', 'ana', '-p', '2222', '-W', '[studio]:22', '--', 'b']
 */
export function jumpCommand(config: SshConfig): string[] {
  const hops = (config.proxyJump ?? '').split(',').map((hop) => hop.trim())
  const last = hops.pop() ?? ''
  const { user, host, port } = parseHop(last, config.target)
  return [
    ...config.sshArguments,
    ...['-o', 'BatchMode=yes', '-o', 'ClearAllForwardings=no'],
    ...(hops.length > 0 ? ['-J', hops.join(',')] : []),
    ...(user === null ? [] : ['-l', user]),
    ...(port === null ? [] : ['-p', port]),
    ...['-W', `[${config.hostname}]:${config.port}`, '--', host],
  ]
}

/** `[user@]host[:port]`, `[user@][v6]:port`, `ssh://user@host:port`. */
function parseHop(hop: string, target: string) {
  const match =
    /^(?:ssh:\/\/)?(?:(.+)@)?(?:\[([^\]]+)\]|([^:@/]+|[0-9a-fA-F:]+))(?::(\d+))?\/?$/.exec(hop)
  const host = match?.[2] ?? match?.[3]
  if (host === undefined) throw sshError('ssh-config', { target }, `ProxyJump ${hop}`)
  return { user: match?.[1] ?? null, host, port: match?.[4] ?? null }
}
