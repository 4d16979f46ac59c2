import { oc } from '@orpc/contract'
import * as z from 'zod'

/**
 * What an account may do on a Host: read from its groups there, never chosen in the app.
 * Each includes the ones before it.
 */
export const roleSchema = z.enum(['guest', 'member', 'admin'])
export type Role = z.infer<typeof roleSchema>

/**
 * A sentence for the person, by key of `resources/locales/*.json`; parameters are facts, never translated text.
 * A number of bytes is named `…Bytes`, a duration `…Ms`, a moment `…At` (ISO): the page formats each by its name.
 */
export const messageSchema = z.object({
  key: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).optional(),
})
export type Message = z.infer<typeof messageSchema>

/**
 * What a button does about something: a Job on this machine's Tailscale, a Wake-on-LAN packet, connecting in a way that asks
 * the person what is missing, making a key for the Host, or showing its settings.
 */
export const remedyActionSchema = z.enum([
  'tailnet-up',
  'tailnet-log-in',
  'wake',
  'connect',
  'set-up-key',
  'edit-host',
])
export type RemedyAction = z.infer<typeof remedyActionSchema>

/** What the person can do about something, and where: `here` = this Mac, `on-host` = the machine spoken of. */
export const remedySchema = z.object({
  kind: z.enum(['open-settings', 'run-command', 'read', 'do']),
  where: z.enum(['here', 'on-host']),
  text: messageSchema,
  /** A settings link (`open-settings`), a command to show and copy (`run-command`) or an address (`read`). */
  target: z.string().optional(),
  /** What Studiolo does itself; the text says how it is done by hand, or what the button leads to. */
  action: remedyActionSchema.optional(),
})
export type Remedy = z.infer<typeof remedySchema>

/** Why something could not be done. Each code has a sentence `error.<code>` in both languages. */
export const errorCodeSchema = z.enum([
  'unknown-host-name',
  'refused',
  'unreachable',
  'local-network-denied',
  'closed-by-host',
  'not-ssh',
  'no-common-algorithm',
  'auth',
  'wrong-password',
  'wrong-passphrase',
  'key-not-found',
  'host-key-unknown',
  'host-key-changed',
  'host-key-revoked',
  'host-key-rejected',
  'host-keys-unreadable',
  'ssh-config',
  'proxy-failed',
  'timeout',
  'cancelled',
  'unsupported-platform',
  'unrecognised',
  'not-recorded',
  'not-installed',
  'not-permitted',
  'not-running',
  'model-not-found',
  'out-of-memory',
  'server-busy',
  'server-error',
  'settings-corrupt',
  'settings-locked',
  'settings-unwritable',
  'invalid-input',
  'not-found',
  'duplicate',
  'port-taken',
  'changed-meanwhile',
  'file-unwritable',
  'internal',
])
export type ErrorCode = z.infer<typeof errorCodeSchema>

/** A failure as it crosses to the page: a code, a sentence in the person's language, and what to do. */
export const errorInfoSchema = z.object({
  code: errorCodeSchema,
  message: messageSchema,
  /** The words of the program that failed, untranslated and free of secrets, for those who want them. */
  detail: z.string().optional(),
  remedy: remedySchema.optional(),
})
export type ErrorInfo = z.infer<typeof errorInfoSchema>

/** Declared by every call: the Role it needs, and on which machine that Role is read. */
export interface CallMeta {
  role: Role
  /** `host`: of the account on the Host named by the input's `hostId`; `here`: of the account that runs Studiolo. */
  on: 'host' | 'here'
}

/** Every call starts from here and states its {@link CallMeta}: `call({ role: 'member', on: 'host' })`. */
export function call(meta: CallMeta) {
  return oc.$meta<CallMeta>(meta).errors({
    FAILED: { message: 'failed', data: errorInfoSchema },
    FORBIDDEN: { message: 'forbidden', data: z.object({ needs: roleSchema, has: roleSchema }) },
  })
}

/** ISO 8601 in UTC. */
export const isoTime = z.iso.datetime()
export const hostId = z.string().min(1).max(200)
