import { withoutLoginAddresses } from '../hosts/recording/login-address.ts'

const removed = '[removed]'
const secretName =
  /auth.?url|pass(word|phrase)|secret|token|session.?key|authorization|cookie|private.?key/i

/** Takes out what looks like a secret: after its name, in an address, or as a private key. */
export function redactText(text: string): string {
  return withoutLoginAddresses(text, removed)
    .replace(
      /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g,
      removed,
    )
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${removed}`)
    .replace(/(\/\/[^\s/:@]+:)[^\s/@]+@/g, `$1${removed}@`)
    .replace(
      /((?:pass(?:word|phrase)|secret|token|session.?key|authorization)["']?\s*[=:]\s*["']?)[^\s"'&,;}]+/gi,
      `$1${removed}`,
    )
}

/** The same for the fields of a log line, also for a field that is named like a secret. Depth and length are limited. */
export function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
  return redactValue(fields, 0) as Record<string, unknown>
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') {
    const text = redactText(value)
    return text.length > 2000 ? `${text.slice(0, 2000)}…` : text
  }
  if (value instanceof Error)
    return redactValue({ name: value.name, message: value.message, stack: value.stack }, depth)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth > 4) return '…'
  if (Array.isArray(value)) return value.slice(0, 50).map((one) => redactValue(one, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      secretName.test(name) && one !== null ? removed : redactValue(one, depth + 1),
    ]),
  )
}
