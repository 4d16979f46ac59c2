import * as z from 'zod'
import { call, hostId, messageSchema } from './base.ts'

/** The ids of the programs that open a Host; their rows are in `main/connect/tools.ts`. */
export const connectToolIdSchema = z.enum([
  'cursor',
  'vscode',
  'windsurf',
  'zed',
  'terminal',
  'iterm2',
  'ghostty',
  'warp',
])
export type ConnectToolId = z.infer<typeof connectToolIdSchema>

/** A program that opens a Host. */
export const connectToolSchema = z.object({
  id: connectToolIdSchema,
  name: z.string(),
  kind: z.enum(['editor', 'terminal']),
  /** Found on this machine; null = could not be looked for. */
  isInstalled: z.boolean().nullable(),
})
export type ConnectTool = z.infer<typeof connectToolSchema>

/** Where a model server is reached, as `http://…:port`. */
export const modelServerAddressSchema = z.object({
  url: z.string(),
  /** Why it may not work; null where it was tried or an open tunnel leads there. */
  caveat: messageSchema.nullable(),
})
export type ModelServerAddress = z.infer<typeof modelServerAddressSchema>

export const connect = {
  /** All of them, the preferred one first, then those that are installed. */
  tools: call({ role: 'guest', on: 'here' }).output(z.array(connectToolSchema)),
  /**
   * Opens the Host in an editor or a terminal on this machine, after a first answer of the Host within 10 s; fails as
   * `not-installed` where there is no such program, and like a connection where the Host does not answer.
   */
  open: call({ role: 'guest', on: 'host' })
    .input(z.object({ hostId, toolId: connectToolIdSchema }))
    .output(z.void()),
  /** What one would type in a terminal, quoted for a POSIX shell; `not-found` for a Host that SSH does not reach. */
  sshCommand: call({ role: 'guest', on: 'host' })
    .input(z.object({ hostId }))
    .output(z.object({ command: z.string() })),
  /** Where programs on this machine reach a model server of the Host, for copying. Takes up to two seconds. */
  modelServerAddress: call({ role: 'guest', on: 'host' })
    .input(z.object({ hostId, runtimeId: z.string() }))
    .output(modelServerAddressSchema),
}
