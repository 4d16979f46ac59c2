import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { call, hostId, isoTime, messageSchema, remedySchema } from './base.ts'
import { doctorStepIds } from './doctor-steps.ts'

export type { DoctorStepId } from './doctor-steps.ts'

export const doctorStepIdSchema = z.enum(doctorStepIds)

/** What the doctor found at one step. */
export const doctorStepSchema = z.object({
  id: doctorStepIdSchema,
  /**
   * `attention`: it works, with something to know (a relayed path, little disk). `skipped`: not tried, because an earlier step
   * failed. `off`: does not apply, because the way leads past Tailscale. `unknown`: could not be asked, with the reason.
   */
  state: z.enum(['running', 'passed', 'attention', 'failed', 'skipped', 'off', 'unknown']),
  durationMs: z.number().nullable(),
  /** What was found, in one sentence. */
  found: messageSchema.nullable(),
  /** What it means where it is not simply good. */
  meaning: messageSchema.nullable(),
  /** More than one where the network cannot tell them apart: then they are possible causes. */
  causes: z.array(messageSchema),
  /** What can be done, the most likely help first, each with the place where it is to be done. */
  remedies: z.array(remedySchema),
  /** The words of the program asked, untranslated and free of secrets. */
  detail: z.string().nullable(),
})
export type DoctorStep = z.infer<typeof doctorStepSchema>

/** How far the doctor is. Steps that were not reached yet are absent. */
export const doctorProgressSchema = z.object({
  hostId,
  hostName: z.string(),
  startedAt: isoTime,
  steps: z.array(doctorStepSchema),
  /** The first step that failed; null while none did. */
  brokenStepId: doctorStepIdSchema.nullable(),
  isDone: z.boolean(),
})
export type DoctorProgress = z.infer<typeof doctorProgressSchema>

export const doctor = {
  /**
   * Tries each hop to a Host on a connection of its own and says each as it passes; asks the person nothing. Ends within
   * a minute in any case. The caller closes the stream to cancel.
   */
  run: call({ role: 'guest', on: 'here' })
    .input(z.object({ hostId }))
    .output(eventIterator(doctorProgressSchema)),
}
