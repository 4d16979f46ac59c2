import ssh2, { type ParsedKey } from 'ssh2'
import type { Clock } from '../../core/ports.ts'
import type { SshConfig } from './config.ts'
import { sshError } from './errors.ts'
import { runTool } from './tool.ts'
import { waitFor } from './wait.ts'

const listTimeoutMs = 3_000

/**
 * The agent's socket: IdentityAgent, else SSH_AUTH_SOCK. An app started from Finder may lack the latter, which launchd knows.
 * Null where no agent shall or can be used.
 */
export async function findAgent(
  config: SshConfig,
  options: { env: NodeJS.ProcessEnv; platform: NodeJS.Platform },
): Promise<string | null> {
  const { env, platform } = options
  const { identityAgent } = config
  if (identityAgent === null) return null
  if (identityAgent?.startsWith('$') === true) {
    return env[identityAgent.replace(/^\$\{?|\}$/g, '')] ?? null
  }
  if (identityAgent !== undefined) return identityAgent
  if (env.SSH_AUTH_SOCK !== undefined && env.SSH_AUTH_SOCK !== '') return env.SSH_AUTH_SOCK
  if (platform !== 'darwin') return null
  const { stdout } = await runTool('launchctl', ['getenv', 'SSH_AUTH_SOCK'], { env })
  return stdout.trim() === '' ? null : stdout.trim()
}

/** The public keys that an agent holds. Empty, never an error, where it does not answer within 3 s. */
export async function listAgentKeys(socketPath: string, clock: Clock): Promise<ParsedKey[]> {
  const agent = new ssh2.OpenSSHAgent(socketPath)
  const listed = new Promise<ParsedKey[]>((resolve) => {
    agent.getIdentities((error, keys) => {
      const parsed = (error ? [] : (keys ?? [])).map((key) => parseKey(key as ParsedKey))
      resolve(parsed.filter((key) => key !== null))
    })
  })
  const late = () => sshError('timeout', { timeoutMs: listTimeoutMs })
  return waitFor(listed, { clock, timeoutMs: listTimeoutMs, late }).catch(() => [])
}

/**
 * The kinds of keys in an agent that ssh2 does not know: security keys, certificates. Runs one local process.
 *
 * @example ['sk-ssh-ed25519@openssh.com']
 */
export async function listForeignKinds(
  socketPath: string,
  env: NodeJS.ProcessEnv,
): Promise<string[]> {
  const agentEnv = { ...env, SSH_AUTH_SOCK: socketPath }
  const { stdout } = await runTool('ssh-add', ['-L'], { env: agentEnv, timeoutMs: listTimeoutMs })
  const kinds = stdout.split('\n').map((line) => line.split(' ')[0] ?? '')
  return [...new Set(kinds.filter((kind) => /^sk-|-cert-v01@/.test(kind)))]
}

/** ssh2 answers with an Error, or with several keys; here it is the first key or null. */
export function parseKey(data: string | Buffer | ParsedKey, passphrase?: string): ParsedKey | null {
  const parsed: unknown = ssh2.utils.parseKey(data as string, passphrase)
  const key: unknown = Array.isArray(parsed) ? parsed[0] : parsed
  return key instanceof Error || key === undefined ? null : (key as ParsedKey)
}

/** Signs with the agent's key. The agent may ask the person (Touch ID, 1Password): the login's own time-out bounds that. */
export function signWithAgent(
  socketPath: string,
  key: ParsedKey,
  data: Buffer,
  hash: SigningHash,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = hash === undefined ? {} : { hash }
    new ssh2.OpenSSHAgent(socketPath).sign(key, data, options, (error, signature) => {
      if (error || signature === undefined) reject(error ?? new Error('The agent did not sign'))
      else resolve(signature)
    })
  })
}

export type SigningHash = 'sha1' | 'sha256' | 'sha512' | undefined

/**
 * One public key, offered through ssh2's interface for agents: `sign` is called only after the server has said that it would accept
 * the key, so that a passphrase is asked only for a key that helps.
 */
export class OneKeyAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #key: ParsedKey
  readonly #sign: (data: Buffer, hash: SigningHash) => Promise<Buffer>

  constructor(key: ParsedKey, sign: (data: Buffer, hash: SigningHash) => Promise<Buffer>) {
    super()
    this.#key = key
    this.#sign = sign
  }

  override getIdentities(done: (error?: Error, keys?: ParsedKey[]) => void): void {
    done(undefined, [this.#key])
  }

  override sign(
    _key: ParsedKey,
    data: Buffer,
    options: unknown,
    done?: (error?: Error, signature?: Buffer) => void,
  ): void {
    const hash =
      typeof options === 'object' && options !== null && 'hash' in options
        ? (options.hash as SigningHash)
        : undefined
    this.#sign(data, hash).then(
      (signature) => done?.(undefined, signature),
      (error: unknown) => done?.(error instanceof Error ? error : new Error(String(error))),
    )
  }
}
