import * as z from 'zod'
import { call, errorInfoSchema, hostId, isoTime, messageSchema } from './base.ts'

/** An action that takes time. Kept for a minute after its end, so that a page opened late still sees the outcome. */
export const jobSchema = z.object({
  id: z.string(),
  hostId,
  /** What is done to what: `load-model` with `ollama/qwen3:30b` as subject. */
  kind: z.enum(['load-model', 'unload-model', 'tailnet-up', 'tailnet-down', 'tailnet-log-in']),
  subject: z.string(),
  title: messageSchema,
  state: z.enum(['running', 'cancelling', 'done', 'failed', 'cancelled']),
  startedAt: isoTime,
  endedAt: isoTime.nullable(),
  /** Measured, never estimated: null where nothing can be measured. `totalBytes` null where the end is not known. */
  progress: z.object({ doneBytes: z.int(), totalBytes: z.int().nullable() }).nullable(),
  lines: z.array(z.string()),
  error: errorInfoSchema.nullable(),
})
export type Job = z.infer<typeof jobSchema>

export const jobs = {
  /** Asks the Job to stop; it ends as `cancelled` only when its effect is really undone. */
  cancel: call({ role: 'guest', on: 'host' })
    .input(z.object({ hostId, jobId: z.string() }))
    .output(z.void()),
}
