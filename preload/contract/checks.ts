import * as z from 'zod'
import { call, hostId, isoTime, messageSchema, remedySchema } from './base.ts'

/** `off`: does not apply here. `unknown`: could not be asked; never shown as green. */
export const checkStateSchema = z.enum(['pass', 'attention', 'fail', 'unknown', 'off'])
export type CheckState = z.infer<typeof checkStateSchema>

/** A judgement over readings. `at` is the age of the oldest reading it rests on. */
export const checkResultSchema = z.object({
  id: z.string(),
  area: z.enum(['security', 'backup', 'updates', 'reachability', 'capacity', 'power']),
  state: checkStateSchema,
  /** A few words for a shield: "Encrypted", "Backup 2 h ago", "1 update waits". */
  title: messageSchema,
  /** One or two sentences: what was seen and what it means. */
  reason: messageSchema,
  remedy: remedySchema.optional(),
  at: isoTime,
})
export type CheckResult = z.infer<typeof checkResultSchema>

export const checks = {
  /** Asks the probes of these checks again (all where `ids` is absent); results arrive over `fleet.watch`. */
  run: call({ role: 'member', on: 'host' })
    .input(z.object({ hostId, ids: z.array(z.string()).optional() }))
    .output(z.array(checkResultSchema)),
}
