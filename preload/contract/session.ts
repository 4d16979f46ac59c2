import * as z from 'zod'

/**
 * What goes over the WebSocket of the browser host before the calls: the page's first message is a {@link Hello}, the
 * answer a {@link Welcome}, and everything after it belongs to the contract. A refusal is one of the close codes in `preload/close-codes.ts`.
 */
export const helloSchema = z.union([
  /** From the address's fragment: valid once, and for 60 s. */
  z.object({ token: z.string().max(200) }),
  /** From an earlier {@link Welcome}: valid as long as the host runs. */
  z.object({ sessionKey: z.string().max(200) }),
])
export type Hello = z.infer<typeof helloSchema>

/** The browser host’s answer to a Hello: with this key the page comes back after a loss. */
export const welcomeSchema = z.object({ sessionKey: z.string() })
export type Welcome = z.infer<typeof welcomeSchema>
