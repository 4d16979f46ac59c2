import { dirname, join } from 'node:path'
import { errorInfo, StudioloError } from '../../core/errors.ts'
import type { Host } from '../../hosts/host.ts'
import { type PublicKey, parsePublicKey } from './public-key.ts'

/** A key pair of this account on this machine. */
export interface LocalKey {
  /** Of the private key. */
  path: string
  publicKey: PublicKey
  isNew: boolean
}

export interface LocalKeyOptions {
  local: Host
  homeDir: string
  /** The key that the person has chosen for the Host, absolute; it is used or nothing is. */
  chosenPath: string | null
  /** What ssh would offer, absolute. */
  identityFiles: readonly string[]
  signal: AbortSignal
}

/**
 * The chosen key, else the first ed25519 key that is there, else a new one in `~/.ssh`; no file is ever overwritten. Runs `ssh-keygen`
 * and `test` here. Rejects with a StudioloError.
 */
export async function findOrMakeKey(options: LocalKeyOptions): Promise<LocalKey> {
  const { homeDir, chosenPath, identityFiles } = options
  if (chosenPath !== null) return readChosen(chosenPath, options)
  const ownPaths = ['id_ed25519', 'id_ed25519_studiolo'].map((name) => join(homeDir, '.ssh', name))
  for (const path of new Set([...identityFiles, ...ownPaths])) {
    const publicKey = await readPair(path, options)
    if (publicKey?.type === 'ssh-ed25519') return { path, publicKey, isNew: false }
  }
  for (const path of ownPaths) {
    const isTaken = (await isThere(path, options)) || (await isThere(`${path}.pub`, options))
    if (!isTaken) return make(path, options)
  }
  throw refusal('key-set-up.no-free-name', ownPaths[0] ?? '')
}

async function readChosen(path: string, options: LocalKeyOptions): Promise<LocalKey> {
  if (!(await isThere(path, options))) {
    throw new StudioloError(errorInfo('key-not-found', { path }))
  }
  const publicKey = await readPair(path, options)
  if (publicKey === null) throw refusal('key-set-up.no-public-key', path)
  return { path, publicKey, isNew: false }
}

/** The public half, from the private key where that opens without a passphrase, else from `PATH.pub`. Null without a private key. */
async function readPair(path: string, options: LocalKeyOptions): Promise<PublicKey | null> {
  if (!(await isThere(path, options))) return null
  const { local, signal } = options
  const { stdout, exitCode } = await local.run(['ssh-keygen', '-y', '-P', '', '-f', path], {
    ...{ timeoutMs: 5_000, signal },
  })
  const derived = exitCode === 0 ? parsePublicKey(stdout) : null
  const bytes = await local.read(`${path}.pub`, { signal }).catch(() => null)
  const beside = bytes === null ? null : parsePublicKey(new TextDecoder().decode(bytes))
  const isSame = derived === null || derived.blob === beside?.blob
  return isSame ? (beside ?? derived) : derived
}

async function isThere(path: string, { local, signal }: LocalKeyOptions): Promise<boolean> {
  const { exitCode } = await local.run(['test', '-e', path], { signal })
  return exitCode === 0
}

async function make(path: string, options: LocalKeyOptions): Promise<LocalKey> {
  const { local, signal } = options
  const { account, hostName } = await local.identify({ signal })
  await run(['mkdir', '-p', '-m', '700', dirname(path)])
  // asks before it overwrites; without an answer it does not
  const comment = `${account}@${hostName}`
  await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path])
  const publicKey = await readPair(path, options)
  if (publicKey === null) throw refusal('key-set-up.no-public-key', path)
  return { path, publicKey, isNew: true }

  async function run(argv: Parameters<Host['run']>[0]) {
    const { exitCode, stderr, stdout, isMissing } = await local.run(argv, { signal })
    if (isMissing) throw new StudioloError(errorInfo('not-installed', { name: argv[0] }))
    if (exitCode !== 0) {
      const detail = (stderr.trim() || stdout.trim()).slice(0, 500)
      throw new StudioloError(errorInfo('file-unwritable', { path }, detail))
    }
  }
}

function refusal(key: string, path: string): StudioloError {
  return new StudioloError({ code: 'invalid-input', message: { key, params: { path } } })
}
