import * as z from 'zod'
import { isoTime } from './base.ts'

/** Why a question has no answer. The words are part of the recording format and of `--json`. */
export const unknownReasonSchema = z.enum([
  'not-installed',
  'not-supported',
  'not-permitted',
  'needs-root',
  'needs-full-disk-access',
  'unreachable',
  'not-authenticated',
  'host-key',
  'timed-out',
  'cancelled',
  'unrecognised',
  'not-recorded',
])
/** No value, and why: never a default in its place. */
export type UnknownReason = z.infer<typeof unknownReasonSchema>

/** The answer of a Probe: a value with its age, or `unknown` with the reason. Never a default. */
export const readingSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('value'), value: z.unknown(), at: isoTime }),
  z.object({
    kind: z.literal('unknown'),
    reason: unknownReasonSchema,
    detail: z.string(),
    at: isoTime,
  }),
])

export type Unknown = { kind: 'unknown'; reason: UnknownReason; detail: string; at: string }
/** An answer of a Probe, with the moment on the Host at which it held. */
export type Reading<Value = unknown> = { kind: 'value'; value: Value; at: string } | Unknown
