import * as z from 'zod'
import { call, errorInfoSchema } from './base.ts'

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
})
export type SshHostConfig = z.infer<typeof sshHostConfigSchema>

/** The settings file, the same for all three faces. Migrations are in `main/core/settings.ts`. */
export const settingsSchema = z.object({
  version: z.literal(1),
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
  preferredEditor: z.enum(['cursor', 'vscode']),
})
export type Settings = z.infer<typeof settingsSchema>

export const defaultSettings: Settings = {
  version: 1,
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
  preferredEditor: 'cursor',
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

export const settings = {
  get: call({ role: 'guest', on: 'here' }).output(settingsStateSchema),
  update: call({ role: 'guest', on: 'here' })
    .input(settingsPatchSchema)
    .output(settingsStateSchema),
  dismissProblem: call({ role: 'guest', on: 'here' }).output(settingsStateSchema),
}
