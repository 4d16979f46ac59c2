import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { sshError } from './errors.ts'
import { runTool } from './tool.ts'

/** What `ssh -G` answers, as far as Studiolo uses it; paths are absolute, `none` is null or an empty list. */
export interface SshConfig {
  /** As typed by the person: an alias, a name, an address. */
  target: string
  hostname: string
  user: string
  port: number
  addressFamily: 'any' | 'inet' | 'inet6'
  bindAddress: string | null
  identityFiles: readonly string[]
  /** A socket; null = no agent shall be used; undefined = SSH_AUTH_SOCK. */
  identityAgent: string | null | undefined
  isIdentitiesOnly: boolean
  hasPublicKeyLogin: boolean
  hasPasswordLogin: boolean
  hasKeyboardLogin: boolean
  passwordPrompts: number
  proxyJump: string | null
  proxyCommand: string | null
  hostKeyAlias: string | null
  hostKeyAlgorithms: readonly string[]
  /** Empty where ssh does not say. */
  ciphers: readonly string[]
  keyExchanges: readonly string[]
  /** Empty for OpenSSH's own order. */
  preferredLogins: readonly string[]
  certificateFiles: readonly string[]
  pkcs11Provider: string | null
  /** Null for the one that is built in. */
  securityKeyProvider: string | null
  revokedHostKeysFile: string | null
  userKnownHostsFiles: readonly string[]
  globalKnownHostsFiles: readonly string[]
  isKnownHostsHashed: boolean
  /** `yes` refuses unknown keys without a question. All else asks: Studiolo never accepts one silently. */
  isStrict: boolean
  connectTimeoutMs: number | null
  /** Arguments that make another `ssh` of this machine read the same configuration: `-F FILE`, or none. */
  sshArguments: readonly string[]
}

export interface ResolveOptions {
  /** Overrides of the configuration; null = as configured. */
  account: string | null
  port: number | null
  keyPath: string | null
  env: NodeJS.ProcessEnv
  homeDir: string
  signal?: AbortSignal
}

/**
 * Asks `ssh -G` how it would reach a target. Runs one local process, up to 10 s (a `Match exec` may work). Rejects with a
 * HostError `ssh-config` that quotes what ssh said.
 *
 *     await resolveSshConfig('studio', { account: null, ... })
 *     // { hostname: '10.0.0.5', user: 'ana', port: 22, identityFiles: ['/Users/ana/.ssh/id_ed25519'], ... }
 */
export async function resolveSshConfig(
  target: string,
  options: ResolveOptions,
): Promise<SshConfig> {
  const { account, port, keyPath, env, homeDir, signal } = options
  const sshArguments = await configArguments(homeDir)
  const args = [
    ...sshArguments,
    '-G',
    ...(account === null ? [] : ['-l', account]),
    ...(port === null ? [] : ['-p', String(port)]),
    '--',
    target,
  ]
  const output = await runTool('ssh', args, { env, ...(signal !== undefined && { signal }) })
  if (output.exitCode !== 0) {
    throw sshError('ssh-config', { target }, complaint(output.stderr))
  }
  return parseSshConfig(output.stdout, { target, homeDir, keyPath, sshArguments })
}

/**
 * OpenSSH takes the home folder from the account, not from HOME. Where ours is another one (a test, a sandbox), its
 * configuration is named explicitly.
 */
async function configArguments(homeDir: string): Promise<string[]> {
  if (homeDir === userInfo().homedir) return []
  const path = join(homeDir, '.ssh', 'config')
  const isThere = await readFile(path).then(
    () => true,
    () => false,
  )
  return ['-F', isThere ? path : '/dev/null']
}

/** The line that says what is wrong, not the warnings around it. */
function complaint(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('Pseudo-terminal'))
  return lines.find((line) => !line.startsWith('Warning:')) ?? lines[0] ?? 'ssh -G gave no answer'
}

/** Reads the output of `ssh -G`: a keyword in lower case, a space, the value; keywords such as `identityfile` may repeat. */
export function parseSshConfig(
  text: string,
  context: {
    target: string
    homeDir: string
    keyPath: string | null
    sshArguments?: readonly string[]
  },
): SshConfig {
  const values = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ')
    if (space < 0) continue
    const key = line.slice(0, space).toLowerCase()
    values.set(key, [...(values.get(key) ?? []), line.slice(space + 1).trim()])
  }
  const one = (key: string): string | null => {
    const value = values.get(key)?.[0]
    return value === undefined || value === '' || value === 'none' ? null : value
  }
  const list = (key: string) => one(key)?.split(',') ?? []
  const is = (key: string) => one(key) === 'yes' || one(key) === 'true'
  const isNot = (key: string) => one(key) === 'no' || one(key) === 'false'
  const hostname = one('hostname')
  const user = one('user')
  if (hostname === null || user === null) {
    throw sshError('ssh-config', { target: context.target }, 'ssh -G named no host')
  }
  const port = Number(one('port') ?? 22)
  const tokens = { hostname, user, port, ...context }
  const path = (value: string) => expandPath(value, tokens)
  const files = (key: string) => splitPaths(one(key) ?? '').map(path)
  const agent = values.get('identityagent')?.[0]
  const family = one('addressfamily')
  const timeout = Number(one('connecttimeout'))
  const strict = one('stricthostkeychecking')
  const configured = (values.get('identityfile') ?? []).filter((file) => file !== 'none').map(path)
  return {
    target: context.target,
    hostname,
    user,
    port,
    addressFamily: family === 'inet' || family === 'inet6' ? family : 'any',
    bindAddress: one('bindaddress'),
    identityFiles:
      context.keyPath === null
        ? configured
        : [path(context.keyPath), ...configured.filter((file) => file !== context.keyPath)],
    identityAgent: agentPath(agent, path),
    isIdentitiesOnly: is('identitiesonly'),
    hasPublicKeyLogin: !isNot('pubkeyauthentication'),
    hasPasswordLogin: !isNot('passwordauthentication'),
    hasKeyboardLogin: !isNot('kbdinteractiveauthentication'),
    passwordPrompts: Number(one('numberofpasswordprompts') ?? 3) || 3,
    proxyJump: one('proxyjump'),
    proxyCommand: one('proxycommand'),
    hostKeyAlias: one('hostkeyalias'),
    hostKeyAlgorithms: list('hostkeyalgorithms'),
    ciphers: list('ciphers'),
    keyExchanges: list('kexalgorithms'),
    preferredLogins: list('preferredauthentications'),
    certificateFiles: (values.get('certificatefile') ?? [])
      .filter((file) => file !== 'none')
      .map(path),
    pkcs11Provider: one('pkcs11provider'),
    securityKeyProvider: securityKeyProvider(one('securitykeyprovider')),
    revokedHostKeysFile: one('revokedhostkeys'),
    userKnownHostsFiles: files('userknownhostsfile'),
    globalKnownHostsFiles: files('globalknownhostsfile'),
    isKnownHostsHashed: is('hashknownhosts'),
    isStrict: strict === 'yes' || strict === 'true',
    connectTimeoutMs: timeout > 0 ? timeout * 1000 : null,
    sshArguments: context.sshArguments ?? [],
  }
}

function agentPath(
  value: string | undefined,
  path: (value: string) => string,
): string | null | undefined {
  if (value === undefined || value === '' || value === 'SSH_AUTH_SOCK') return undefined
  if (value === 'none') return null
  return value.startsWith('$') ? value : path(value)
}

/** `internal` is built in; a bare variable is the default of a build without it. */
function securityKeyProvider(value: string | null): string | null {
  return value === 'internal' || value === '$SSH_SK_PROVIDER' ? null : value
}

/** `ssh -G` prints several paths in one line, unquoted: a piece that does not begin like a path belongs to the one before. */
function splitPaths(value: string): string[] {
  const paths: string[] = []
  for (const piece of value.split(' ')) {
    const last = paths.at(-1)
    if (/^[/~%]/.test(piece) || last === undefined) paths.push(piece)
    else paths[paths.length - 1] = `${last} ${piece}`
  }
  return paths.filter((path) => path !== '' && path !== 'none')
}

/** `~`, and the tokens that ssh_config(5) allows in file names; `ssh -G` leaves some of them unexpanded. */
function expandPath(value: string, { homeDir, hostname, user, port, target }: PathTokens): string {
  const accountHome = userInfo().homedir
  const text = value.replace(/%([%dhnpru])/g, (_, token: string) => {
    switch (token) {
      case 'd':
        return homeDir
      case 'h':
        return hostname
      case 'n':
        return target
      case 'p':
        return String(port)
      case 'r':
        return user
      case 'u':
        return userInfo().username
      default:
        return '%'
    }
  })
  if (text === '~' || text.startsWith('~/')) return homeDir + text.slice(1)
  // ssh expanded ~/.ssh by the account's home; see configArguments
  if (accountHome !== homeDir && text.startsWith(`${accountHome}/.ssh/`)) {
    return homeDir + text.slice(accountHome.length)
  }
  return text
}

interface PathTokens {
  homeDir: string
  hostname: string
  user: string
  port: number
  target: string
}

export { suggestionsFromConfig } from './suggestions.ts'
