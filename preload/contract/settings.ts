import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { call, errorInfoSchema, isoTime, messageSchema } from './base.ts'
import { connectToolIdSchema } from './connect.ts'

/** A machine that the person added. `target` is what they would type after `ssh`: an alias, a name or an address. */
export const sshHostConfigSchema = z.object({
  kind: z.literal('ssh'),
  id: z.string().min(1).max(200),
  name: z.string().trim().min(1).max(80),
  target: z
    .string()
    .trim()
    .min(1)
    .max(255)
    // a leading '-' would be read as an option by ssh -G
    .regex(/^[^-\s\p{Cc}][^\s\p{Cc}]*$/u),
  /** Overrides of what `ssh -G target` answers; null = as configured there. */
  account: z
    .string()
    .trim()
    .min(1)
    .max(64)
    .regex(/^[^-\s\p{Cc}][^\s\p{Cc}]*$/u)
    .nullable(),
  port: z.int().min(1).max(65535).nullable(),
  keyPath: z.string().trim().min(1).max(1024).nullable(),
  /** The folder that editors open; null = the home folder. */
  folderPath: z.string().trim().min(1).max(1024).nullable(),
  /** Its name in Studiolo's own file for `~/.ssh/config`; null = not in it. */
  alias: z
    .string()
    .trim()
    .min(1)
    .max(64)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
    .nullable(),
  /** `ControlMaster auto` for it in that file. */
  isControlMasterOn: z.boolean(),
  /** Its node in the tailnet, learned or chosen; survives a rename there. */
  tailnetNodeId: z.string().max(200).nullable(),
  /** The tailnet in which that node was last seen from here. */
  tailnetName: z.string().max(255).nullable(),
  /** Learned while it was reached in the local network: a second way, and what wakes it. */
  lanAddress: z.string().max(255).nullable(),
  macAddress: z
    .string()
    .regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/)
    .nullable(),
  /** Learned from its answers, for when it has none; a file from before these fields lacks them. */
  platform: z.enum(['darwin', 'linux']).nullable().default(null),
  /** Idle minutes until it sleeps, 0 = never, and when it said so. */
  sleepMinutes: z.int().min(0).nullable().default(null),
  sleepReadAt: isoTime.nullable().default(null),
  /** After a login by password the person was asked once whether to make a key for it. */
  isKeyOffered: z.boolean().default(false),
})
export type SshHostConfig = z.infer<typeof sshHostConfigSchema>

/** The settings file, the same for all three faces. Migrations are in `main/core/settings.ts`. */
export const settingsSchema = z.object({
  version: z.literal(2),
  hosts: z.array(sshHostConfigSchema),
  /** The host shown first; null = the first one. */
  selectedHostId: z.string().nullable(),
  isDemoShown: z.boolean(),
  language: z.enum(['system', 'en', 'zh-CN']),
  theme: z.enum(['system', 'light', 'dark']),
  isStartedAtLogin: z.boolean(),
  /** An Electron accelerator, for example `Alt+Command+S`; null = none. */
  globalShortcut: z.string().max(100).nullable(),
  isRoomShownInMenuBar: z.boolean(),
  /** Milliseconds between two ticks while somebody looks, and while nobody does. */
  openEveryMs: z.int().min(500).max(10_000),
  closedEveryMs: z.int().min(5_000).max(300_000),
  /** Opens with the first button of the popover. */
  preferredToolId: connectToolIdSchema,
  /** The person was asked once whether `~/.ssh/config` may include Studiolo's file. */
  isSshConfigOffered: z.boolean(),
  /** System notifications for alerts. */
  isNotified: z.boolean(),
})
export type Settings = z.infer<typeof settingsSchema>

/** What holds before anybody has chosen anything. */
export const defaultSettings: Settings = {
  version: 2,
  hosts: [],
  selectedHostId: null,
  isDemoShown: false,
  language: 'system',
  theme: 'system',
  isStartedAtLogin: false,
  globalShortcut: null,
  isRoomShownInMenuBar: false,
  openEveryMs: 1000,
  closedEveryMs: 15_000,
  preferredToolId: 'cursor',
  isSshConfigOffered: false,
  isNotified: true,
}

/** The settings the person may change in one form; hosts have calls of their own. */
export const settingsPatchSchema = settingsSchema.omit({ version: true, hosts: true }).partial()
export type SettingsPatch = z.infer<typeof settingsPatchSchema>

/** Settings with what is wrong with their file, if anything: a corrupt one is kept aside and said. */
export const settingsStateSchema = z.object({
  settings: settingsSchema,
  path: z.string(),
  problem: errorInfoSchema.nullable(),
})
export type SettingsState = z.infer<typeof settingsStateSchema>

/** By setting: why the system does something else than it says; null where it does the same. */
export const refusalsSchema = z.object({
  isStartedAtLogin: messageSchema.nullable(),
  globalShortcut: messageSchema.nullable(),
})
export type Refusals = z.infer<typeof refusalsSchema>
export const noRefusals: Refusals = { isStartedAtLogin: null, globalShortcut: null }

export const shownSettingsSchema = settingsStateSchema.extend({ refusals: refusalsSchema })
export type ShownSettings = z.infer<typeof shownSettingsSchema>

export const settings = {
  get: call({ role: 'guest', on: 'here' }).output(shownSettingsSchema),
  /** What `get` answers, now and after each change, whichever face or page made it. */
  watch: call({ role: 'guest', on: 'here' }).output(eventIterator(shownSettingsSchema)),
  update: call({ role: 'guest', on: 'here' })
    .input(settingsPatchSchema)
    .output(shownSettingsSchema),
  dismissProblem: call({ role: 'guest', on: 'here' }).output(shownSettingsSchema),
}
