import { createHash, createHmac, randomBytes } from 'node:crypto'
import { chmod, mkdir, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { HostError } from '../host.ts'
import { cancelled, sshError, systemCode } from './errors.ts'
import { runTool } from './tool.ts'

/** A line of a known_hosts file that names the host. */
export interface KnownKey {
  marker: 'revoked' | 'cert-authority' | null
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa` ... */
  type: string
  /** base64, as in the file. */
  key: string
  path: string
  line: number
}

/** Under which names OpenSSH would look a host up. */
export interface HostName {
  /** The name that a new line gets: HostKeyAlias, `name`, or `[name]:port`. */
  name: string
  /** For another port than 22, OpenSSH also accepts a key that is known for the bare name. */
  bareName: string | null
}

export function hostNameOf(host: {
  hostname: string
  port: number
  hostKeyAlias: string | null
}): HostName {
  if (host.hostKeyAlias !== null) return { name: host.hostKeyAlias, bareName: null }
  const hostname = host.hostname.toLowerCase()
  if (host.port === 22) return { name: hostname, bareName: null }
  return { name: `[${hostname}]:${host.port}`, bareName: hostname }
}

/** What is known of one host, of all files together. */
export interface KnownKeys {
  keys: readonly KnownKey[]
  /** Found under {@link HostName.bareName} only. */
  bareKeys: readonly KnownKey[]
  /** Why not every file could be asked: then no key is known, and none is new either. */
  problem: HostError | null
}

/**
 * Asks `ssh-keygen -F`, which knows hashed names, patterns, negations and ports. One local process per file that exists and name. Rejects
 * with `cancelled` only.
 */
export async function lookUpHost(
  host: HostName,
  paths: readonly string[],
  options: { env?: NodeJS.ProcessEnv; signal?: AbortSignal } = {},
): Promise<KnownKeys> {
  const find = async (name: string) => Promise.all(paths.map((path) => findIn(path, name, options)))
  const [named, bare] = await Promise.all([
    find(host.name),
    host.bareName === null ? [] : find(host.bareName),
  ])
  if (options.signal?.aborted === true) throw cancelled()
  return {
    keys: named.flatMap(({ keys }) => keys),
    bareKeys: bare.flatMap(({ keys }) => keys),
    problem: [...named, ...bare].find(({ problem }) => problem !== null)?.problem ?? null,
  }
}

async function findIn(
  path: string,
  name: string,
  options: { env?: NodeJS.ProcessEnv; signal?: AbortSignal },
): Promise<{ keys: KnownKey[]; problem: HostError | null }> {
  const unreadable = (said: string) => ({
    ...{ keys: [], problem: sshError('host-keys-unreadable', { path }, said) },
  })
  try {
    if (!(await stat(path)).isFile()) return { keys: [], problem: null }
  } catch (error) {
    const isMissing = ['ENOENT', 'ENOTDIR'].includes(systemCode(error))
    return isMissing ? { keys: [], problem: null } : unreadable(String(error))
  }
  const { stdout, stderr, exitCode } = await runTool(
    'ssh-keygen',
    ['-F', name, '-f', path],
    options,
  )
  // 1: the file names no such host
  if (exitCode !== 0 && exitCode !== 1) return unreadable(stderr)
  return { keys: parseFound(stdout, path), problem: null }
}

/**
 * The output of `ssh-keygen -F`: a comment with the line's number, then the line as it stands in the file.
 *
 *     # Host studio found: line 3 REVOKED
 *     @revoked studio ssh-rsa AAAAB3Nza...
 */
export function parseFound(text: string, path: string): KnownKey[] {
  const found: KnownKey[] = []
  let line = 0
  for (const row of text.split('\n')) {
    const comment = /^# Host .* found: line (\d+)/.exec(row)
    if (comment !== null) {
      line = Number(comment[1])
      continue
    }
    const words = row.trim().split(/[ \t]+/)
    const marker = words[0]?.startsWith('@') === true ? words.shift()?.slice(1) : null
    const [, type, key] = words
    if (type === undefined || key === undefined || row.startsWith('#')) continue
    if (marker !== null && marker !== 'revoked' && marker !== 'cert-authority') continue
    found.push({ marker, type, key, path, line })
  }
  return found
}

export type Verdict =
  | { kind: 'known' }
  | { kind: 'unknown' }
  /** Another key, or a revoked one, may stand where nobody could look. */
  | { kind: 'unreadable'; problem: HostError }
  | { kind: 'revoked'; known: KnownKey }
  /** Another key stands in the files; `known` is the one to compare with. */
  | { kind: 'changed'; known: KnownKey }

/**
 * Judges the key that a host shows. A host that shows a key of a new type only has changed as well: we ask for the known types
 * first, so it no longer has the key that we know. Certificates are not understood here: `@cert-authority` lines vouch for nothing.
 */
export function judgeHostKey({ keys, bareKeys, problem }: KnownKeys, blob: Uint8Array): Verdict {
  if (problem !== null) return { kind: 'unreadable', problem }
  const key = Buffer.from(blob).toString('base64')
  const revoked = [...keys, ...bareKeys].find(
    (known) => known.marker === 'revoked' && known.key === key,
  )
  if (revoked !== undefined) return { kind: 'revoked', known: revoked }
  const plain = keys.filter((known) => known.marker === null)
  if (plain.some((known) => known.key === key)) return { kind: 'known' }
  const type = keyType(blob)
  const known = plain.find((other) => other.type === type) ?? plain[0]
  if (known !== undefined) return { kind: 'changed', known }
  const isKnownBare = bareKeys.some((other) => other.marker === null && other.key === key)
  return { kind: isKnownBare ? 'known' : 'unknown' }
}

/** The algorithms that a key of this type can sign with, best first. */
function algorithmsOf(type: string): string[] {
  return type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type]
}

/** Puts the types that known_hosts has first, so that a host with several keys shows the one that we can check. */
export function orderHostKeyAlgorithms(
  { keys, bareKeys }: Pick<KnownKeys, 'keys' | 'bareKeys'>,
  supported: readonly string[],
): string[] {
  const plain = keys.filter((known) => known.marker === null)
  const known = (plain.length > 0 ? plain : bareKeys.filter(({ marker }) => marker === null))
    .flatMap(({ type }) => algorithmsOf(type))
    .filter((algorithm) => supported.includes(algorithm))
  return [...new Set([...known, ...supported])]
}

/** `ssh-ed25519` and the like: the first string of the key's blob. Empty for a broken blob. */
export function keyType(blob: Uint8Array): string {
  const bytes = Buffer.from(blob)
  if (bytes.length < 4) return ''
  return bytes.toString('latin1', 4, 4 + bytes.readUInt32BE(0))
}

/** As OpenSSH prints it. @example 'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU' */
export function fingerprint(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

/**
 * Adds a key to a known_hosts file. The file becomes 0600, a new folder 0700. One write at the end of the file: a second
 * program that adds a line at the same time loses nothing.
 */
export async function addKnownHost(
  path: string,
  name: string,
  blob: Uint8Array,
  options: { isHashed: boolean },
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const host = options.isHashed ? hashHostName(name) : name
  const line = `${host} ${keyType(blob)} ${Buffer.from(blob).toString('base64')}\n`
  const file = await open(path, 'a+', 0o600)
  try {
    const { size } = await file.stat()
    const last = Buffer.alloc(1)
    if (size > 0) await file.read(last, 0, 1, size - 1)
    await file.appendFile(size > 0 && last[0] !== 10 ? `\n${line}` : line)
    await file.sync()
  } finally {
    await file.close()
  }
  await chmod(path, 0o600)
}

/** `|1|salt|hash`, as HashKnownHosts writes it; see sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. */
function hashHostName(name: string): string {
  const salt = randomBytes(20)
  const hash = createHmac('sha1', salt).update(name).digest('base64')
  return `|1|${salt.toString('base64')}|${hash}`
}
