import * as z from 'zod'
import { hostId, isoTime, messageSchema, remedySchema } from './base.ts'

/** Something that the person should know without having looked for it. Gone when its cause is. */
export const alertSchema = z.object({
  /** Of the rule, and of the Host where there are several: `tailnet-stopped`, `host-offline/<host id>`. */
  id: z.string(),
  severity: z.enum(['attention', 'fail']),
  /** The Host it is about; null for this machine's tailnet. */
  hostId: hostId.nullable(),
  title: messageSchema,
  reason: messageSchema,
  /** What a button beside it does, if anything can be done here. */
  action: z.enum(['tailnet-up', 'tailnet-log-in', 'doctor']).nullable(),
  remedy: remedySchema.nullable(),
  since: isoTime,
})
export type Alert = z.infer<typeof alertSchema>
