import { readFile } from 'node:fs/promises'
import type { ParsedKey } from 'ssh2'
import type { LinkQuestion } from '../../../preload/contract/hosts.ts'
import type { SecretStore } from '../../core/ports.ts'
import type { LinkAnswer } from '../host.ts'
import { parseKey, type SigningHash, signWithAgent } from './agent.ts'
import { noPassphrase, sshError } from './errors.ts'
import { fingerprint } from './known-hosts.ts'

/** Asks the person; null when they gave no answer. */
export type Ask = (question: LinkQuestion) => Promise<LinkAnswer | null>

/** A key that can be offered; signing may ask for a passphrase. */
export interface Candidate {
  key: ParsedKey
  /** For messages: a path, or the comment of a key in the agent. */
  name: string
  sign(data: Buffer, hash: SigningHash): Promise<Buffer>
}

export interface CandidateOptions {
  identityFiles: readonly string[]
  /** Set by the person in Studiolo: comes first, and must be there. */
  keyPath: string | null
  agent: { socketPath: string; keys: readonly ParsedKey[] } | null
  isIdentitiesOnly: boolean
  secrets: SecretStore
  ask: Ask
  /** Decrypted keys by the text of their file: deriving the key from a passphrase holds everything up for half a second. */
  unlocked: Map<string, ParsedKey>
}

const passphraseTries = 3

/**
 * The keys to offer, in OpenSSH's order: those of the files that the agent holds, the agent's others, then the files; a key that the
 * person set comes before all. Rejects with `key-not-found` where that one is missing.
 */
export async function listCandidates(options: CandidateOptions): Promise<Candidate[]> {
  const { identityFiles, keyPath, agent, isIdentitiesOnly } = options
  const files: KeyFile[] = []
  for (const path of identityFiles) {
    const file = await readKeyFile(path)
    if (file !== null) files.push(file)
    else if (path === keyPath) throw sshError('key-not-found', { path })
  }
  const held = (file: KeyFile) =>
    agent?.keys.find((key) => file.publicKey !== null && key.equals(file.publicKey))
  const first = files.filter(({ path }) => path === keyPath)
  const rest = files.filter(({ path }) => path !== keyPath)
  const others = isIdentitiesOnly
    ? []
    : (agent?.keys.filter((key) => !files.some((file) => held(file) === key)) ?? [])
  const socketPath = agent?.socketPath ?? ''
  return [
    ...first.map((file) => fromFile(file)),
    ...rest.filter((file) => held(file) !== undefined).map((file) => fromFile(file)),
    ...others.map((key) =>
      fromAgent(key, key.comment || fingerprint(key.getPublicSSH()), socketPath),
    ),
    ...rest.filter((file) => held(file) === undefined).map((file) => fromFile(file)),
  ].filter((candidate) => candidate !== null)

  function fromFile(file: KeyFile): Candidate | null {
    const { path, publicKey, text } = file
    const inAgent = held(file)
    if (inAgent !== undefined) return fromAgent(inAgent, path, socketPath)
    if (publicKey === null || text === null) return null
    const sign = async (data: Buffer, hash: SigningHash) =>
      (await unlock(path, text, options)).sign(data, hash)
    return { key: publicKey, name: path, sign }
  }
}

function fromAgent(key: ParsedKey, name: string, socketPath: string): Candidate {
  return { key, name, sign: (data, hash) => signWithAgent(socketPath, key, data, hash) }
}

interface KeyFile {
  path: string
  publicKey: ParsedKey | null
  /** The private key's file; null where the path leads to a public key, whose private half only an agent has. */
  text: string | null
}

/** Null where there is no such file. Nothing is decrypted yet. */
async function readKeyFile(path: string): Promise<KeyFile | null> {
  const text = await readFile(path, 'latin1').catch(() => null)
  const publicText = await readFile(`${path}.pub`, 'latin1').catch(() => null)
  if (text === null && publicText === null) return null
  const plain = text === null ? null : parseKey(text)
  if (plain !== null && !plain.isPrivateKey()) return { path, publicKey: plain, text: null }
  const blob = text === null ? null : publicKeyLine(text)
  const publicKey =
    plain ??
    (blob === null ? null : parseKey(blob)) ??
    (publicText === null ? null : parseKey(publicText))
  return { path, publicKey, text }
}

/**
 * OpenSSH's own format keeps the public key readable in front of the encrypted part: the magic, three strings (cipher, key derivation,
 * its options), the number of keys, the public key. See PROTOCOL.key of openssh-portable.
 */
export function publicKeyLine(text: string): string | null {
  const match = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(text)
  const bytes = Buffer.from(match?.[1] ?? '', 'base64')
  const magic = 'openssh-key-v1\0'
  if (bytes.toString('latin1', 0, magic.length) !== magic) return null
  try {
    let at = magic.length
    for (let i = 0; i < 3; i++) at += 4 + bytes.readUInt32BE(at)
    at += 4
    const blob = bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at))
    const type = blob.toString('latin1', 4, 4 + blob.readUInt32BE(0))
    return `${type} ${blob.toString('base64')}`
  } catch {
    return null
  }
}

/** The private key, with a passphrase from the keychain or from the person. Rejects with `wrong-passphrase` after three. */
async function unlock(
  path: string,
  text: string,
  { secrets, ask, unlocked }: Pick<CandidateOptions, 'secrets' | 'ask' | 'unlocked'>,
): Promise<ParsedKey> {
  const before = unlocked.get(text) ?? parseKey(text)
  if (before !== null) return before
  const name = `passphrase:${path}`
  const kept = await secrets.get(name)
  const opened = kept === null ? null : parseKey(text, kept)
  if (opened !== null) {
    unlocked.set(text, opened)
    return opened
  }
  if (kept !== null) await secrets.remove(name)
  for (let tries = 0; tries < passphraseTries; tries++) {
    const isRetry = tries > 0 || kept !== null
    const answer = await ask({ kind: 'secret', what: 'passphrase', subject: path, isRetry })
    if (answer?.kind !== 'secret' || answer.secret === null) {
      throw noPassphrase(path)
    }
    const key = parseKey(text, answer.secret)
    if (key !== null) {
      unlocked.set(text, key)
      await secrets.set(name, answer.secret, { isRemembered: answer.isRemembered })
      return key
    }
  }
  throw sshError('wrong-passphrase', { path })
}
