import * as z from 'zod'
import { call, hostId } from './base.ts'

/** A program that opens a Host. */
export const connectToolSchema = z.object({
  id: z.enum(['cursor', 'vscode', 'terminal']),
  name: z.string(),
  /** Found on this machine; null = not looked for yet. */
  isInstalled: z.boolean().nullable(),
})
export type ConnectTool = z.infer<typeof connectToolSchema>

export const connect = {
  tools: call({ role: 'guest', on: 'here' }).output(z.array(connectToolSchema)),
  /** Opens the Host in an editor or a terminal on this machine; fails as `not-installed` where there is none. */
  open: call({ role: 'guest', on: 'host' })
    .input(z.object({ hostId, toolId: connectToolSchema.shape.id }))
    .output(z.void()),
  /** The address under which programs on the Host's network reach its model server, for copying. */
  modelServerAddress: call({ role: 'guest', on: 'host' })
    .input(z.object({ hostId, runtimeId: z.string() }))
    .output(z.object({ url: z.string() })),
}
