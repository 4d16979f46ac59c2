import * as z from 'zod'
import { call, errorInfoSchema, hostId, isoTime } from './base.ts'

/** A port of a Host that is reachable on this machine's 127.0.0.1, until it is closed or the app ends. */
export const tunnelSchema = z.object({
  id: z.string(),
  hostId,
  /** What is reached: `Ollama`, `JupyterLab`, or what the person typed. */
  name: z.string(),
  /** On the Host's own loopback. */
  remotePort: z.int(),
  /** On 127.0.0.1 here. */
  localPort: z.int(),
  openedAt: isoTime,
  /** Open now. */
  connectionCount: z.int(),
  /** Why the latest connection could not be carried; null after one that could. */
  problem: errorInfoSchema.nullable(),
})
export type Tunnel = z.infer<typeof tunnelSchema>

const port = z.int().min(1).max(65535)

export const tunnels = {
  /** `localPort` null: the same number, or a free one where that is below 1024. A taken port fails as `port-taken`, with its owner's name. */
  open: call({ role: 'member', on: 'host' })
    .input(
      z.object({
        hostId,
        name: z.string().trim().min(1).max(80),
        remotePort: port,
        localPort: port.nullable(),
      }),
    )
    .output(tunnelSchema),
  /** Ends the connections through it as well. */
  close: call({ role: 'member', on: 'host' })
    .input(z.object({ hostId, id: z.string() }))
    .output(z.void()),
}
