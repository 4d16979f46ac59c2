import type { ErrorCode, Message, Remedy } from '../../../preload/contract/base.ts'
import { errorInfo } from '../../core/errors.ts'
import { HostError, type HostErrorKind } from '../host.ts'

/** Where a connection goes, as the person knows it; goes into the sentences of failures. */
export interface Destination {
  account: string
  address: string
  port: number
}

const kinds: Partial<Record<ErrorCode, HostErrorKind>> = {
  auth: 'auth',
  'wrong-password': 'auth',
  'wrong-passphrase': 'auth',
  'key-not-found': 'auth',
  'host-key-unknown': 'host-key',
  'host-key-changed': 'host-key',
  'host-key-revoked': 'host-key',
  'host-key-rejected': 'host-key',
  'host-keys-unreadable': 'host-key',
  timeout: 'timeout',
  cancelled: 'cancelled',
}

/**
 * A HostError with its usual sentence, or another by `key`; the kind follows from the code. `detail` are the words of a program, never
 * ours, and cut at 500 characters; empty is none.
 */
export function sshError(
  code: ErrorCode,
  params: NonNullable<Message['params']> = {},
  detail = '',
  options: { key?: string; remedy?: Remedy; cause?: unknown } = {},
): HostError {
  const info = errorInfo(code, params, shorten(detail) || undefined)
  if (options.key !== undefined) info.message.key = options.key
  if (options.remedy !== undefined) info.remedy = options.remedy
  return new HostError(kinds[code] ?? 'unreachable', info, { cause: options.cause })
}

/** What was tried at a login, and what the host would still take. */
export interface LoginTries {
  /** Keys by path or comment, and `password`. */
  offered: readonly string[]
  /** As in RFC 4252: `publickey`, `password`, `keyboard-interactive`. */
  accepts: readonly string[]
  /** The key that it took, where it let nobody in all the same. */
  signed: string | null
}

/** The facts as parameters of a sentence. */
export function loginParams({ offered, accepts, signed }: LoginTries) {
  return { offered: offered.join(', '), accepts: accepts.join(', '), signed }
}

/** Nobody was let in. `said` is what the program that logs in said of it. */
export function loginRefused(to: Destination, tries: LoginTries, said = ''): HostError {
  const { account, address } = to
  const key = tries.offered.length === 0 ? 'error.auth-no-key' : 'error.auth-offered'
  const options = tries.accepts.length === 0 ? {} : { key }
  return sshError('auth', { account, address, ...loginParams(tries) }, said, options)
}

/** The person gave no password, or nobody was there to give one. */
export function noPassword({ account, address }: Destination): HostError {
  return sshError('auth', { account, address }, '', { key: 'error.auth-no-password' })
}

/** Likewise for the key of that path. */
export function noPassphrase(path: string): HostError {
  return sshError('auth', { path }, '', { key: 'error.auth-no-passphrase' })
}

export function cancelled(): HostError {
  return sshError('cancelled')
}

function shorten(detail: string): string {
  const text = detail.trim()
  return text.length > 500 ? `${text.slice(0, 500)}…` : text
}

/** What the system says when a socket cannot be opened, or breaks. Looks into the errors of several addresses. */
export function socketError(error: unknown, { address, port }: Destination): HostError {
  const code = systemCode(error)
  const detail = error instanceof Error ? error.message || code : String(error)
  const options = { cause: error }
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
    case 'EAI_NODATA':
    case 'EAI_NONAME':
      return sshError('unknown-host-name', { address }, detail, options)
    case 'ECONNREFUSED':
      return sshError('refused', { address, port }, detail, options)
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNABORTED':
      return sshError('closed-by-host', { address, port }, detail, options)
    default:
      return sshError('unreachable', { address, port }, detail, options)
  }
}

/** `ECONNREFUSED` and the like; of an AggregateError (several addresses) the most telling one. */
export function systemCode(error: unknown): string {
  if (error instanceof AggregateError) {
    const codes = error.errors.map(systemCode)
    return codes.find((code) => code === 'ECONNREFUSED') ?? codes.find((code) => code !== '') ?? ''
  }
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''
}

/** What a first answer that is not SSH means, and what ssh2 says of broken ones. `banner` is the first text received. */
export function handshakeError(error: Error, to: Destination, banner: string): HostError {
  const { address, port } = to
  const options = { cause: error }
  if ('level' in error && error.level === 'client-socket') return socketError(error, to)
  if (/no matching/i.test(error.message)) {
    return sshError('no-common-algorithm', { address }, error.message, options)
  }
  const isSsh = banner.startsWith('SSH-') || /^SSH-/m.test(banner)
  if (banner !== '' && !isSsh) {
    return sshError('not-ssh', { address, port }, quote(banner), options)
  }
  if (/identification|greeting|header|packet length|Bad packet|Malformed/i.test(error.message)) {
    const seen = banner === '' ? '' : `: ${quote(banner)}`
    return sshError('not-ssh', { address, port }, `${error.message}${seen}`, options)
  }
  return sshError('closed-by-host', { address, port }, error.message, options)
}

/** The first line of what came, with control characters made visible. */
export function quote(text: string): string {
  const line = text.split('\n')[0] ?? ''
  return JSON.stringify(line.length > 120 ? `${line.slice(0, 120)}…` : line)
}
