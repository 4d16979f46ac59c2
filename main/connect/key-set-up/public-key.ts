import { createHash } from 'node:crypto'

/** A line as in `id_ed25519.pub` and `authorized_keys`, without options. */
export interface PublicKey {
  /** `ssh-ed25519`, `ssh-rsa` ... */
  type: string
  /** base64, as in the file. */
  blob: string
  /** Empty where there is none. */
  comment: string
}

/**
 * The first line of a public key's file; null where that is none. The type inside the blob must be the one in front of it (RFC 4253, 6.6).
 *
 * @example parsePublicKey('ssh-ed25519 AAAAC3Nza... ana@macbook\n')?.comment // 'ana@macbook'
 */
export function parsePublicKey(text: string): PublicKey | null {
  const line = text.split('\n')[0] ?? ''
  const match = /^([a-z0-9@.-]+)[ \t]+([A-Za-z0-9+/]+={0,2})(?:[ \t]+(.*))?$/.exec(line.trim())
  const [, type = '', blob = '', comment = ''] = match ?? []
  const bytes = Buffer.from(blob, 'base64')
  if (type === '' || bytes.length < 4 + type.length) return null
  const inner = bytes.toString('latin1', 4, 4 + bytes.readUInt32BE(0))
  return inner === type ? { type, blob, comment: comment.trim() } : null
}

/** One line, without its end. What could end a line or hide in it is taken out of the comment. */
export function publicKeyLine({ type, blob, comment }: PublicKey): string {
  return `${type} ${blob} ${comment.replace(/\p{Cc}/gu, '')}`.trim()
}

/** As OpenSSH prints it. @example 'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU' */
export function fingerprintOf({ blob }: PublicKey): string {
  const hash = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64')
  return `SHA256:${hash.replace(/=+$/, '')}`
}
