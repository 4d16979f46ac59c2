import * as z from 'zod'
import { call, hostId } from './base.ts'

/** Which face shows the page, and what it can do. */
export const aboutSchema = z.object({
  name: z.string(),
  version: z.string(),
  face: z.enum(['electron', 'browser']),
  platform: z.string(),
  /** Name and version of this machine's system; null where it could not be asked. */
  system: z.string().nullable(),
  electronVersion: z.string().nullable(),
  nodeVersion: z.string(),
  settingsPath: z.string(),
  /** The system's language, for `language: 'system'`. */
  systemLanguage: z.enum(['en', 'zh-CN']),
  can: z.object({
    startAtLogin: z.boolean(),
    globalShortcut: z.boolean(),
    menuBar: z.boolean(),
    keychain: z.boolean(),
  }),
})
export type About = z.infer<typeof aboutSchema>

/** A Host at the window's place `hosts`: what of it is open at once. */
export const hostToOpenSchema = z.object({ id: hostId, as: z.enum(['edit', 'test', 'key']) })
export type HostToOpen = z.infer<typeof hostToOpenSchema>

export const app = {
  about: call({ role: 'guest', on: 'here' }).output(aboutSchema),
  /** Shows the window at a place; in the browser the page goes there by itself. */
  openWindow: call({ role: 'guest', on: 'here' })
    .input(
      z.object({
        place: z.enum(['hosts', 'add-host', 'connect', 'settings', 'about']),
        host: hostToOpenSchema.optional(),
      }),
    )
    .output(z.void()),
  closePopover: call({ role: 'guest', on: 'here' }).output(z.void()),
  /** A popover that is held stays open without the focus: the person has gone elsewhere for what it asks. */
  holdPopover: call({ role: 'guest', on: 'here' })
    .input(z.object({ isHeld: z.boolean() }))
    .output(z.void()),
  /** Opens a settings pane, a page of a Remedy or the end of an open tunnel here; any other address is refused. */
  openRemedy: call({ role: 'guest', on: 'here' })
    .input(z.object({ target: z.string().max(500) }))
    .output(z.void()),
  /** A recording of the Host, secrets removed, as text for a bug report. */
  diagnostics: call({ role: 'member', on: 'host' })
    .input(z.object({ hostId }))
    .output(z.object({ text: z.string() })),
}
