import * as z from 'zod'
import { call, errorInfoSchema, hostId } from './base.ts'

/** One line of a change, as `diff -u` would show it. */
export const diffLineSchema = z.object({
  kind: z.enum(['same', 'added', 'removed']),
  text: z.string(),
})
export type DiffLine = z.infer<typeof diffLineSchema>

/** How `~/.ssh/config` stands to Studiolo's own file, and what including it would change. */
export const sshConfigStateSchema = z.object({
  /** `blocked`: it cannot be changed; `problem` says why. */
  state: z.enum(['included', 'not-included', 'blocked']),
  /** The person's file, and where it leads if it is a link. */
  path: z.string(),
  resolvedPath: z.string(),
  /** Studiolo's own file, which the Include line names. */
  ownPath: z.string(),
  ownText: z.string(),
  /** The change to the person's file: the lines around it too. Empty when it is included. */
  diff: z.array(diffLineSchema),
  /** Of the file that the diff was made for; `include` refuses another one. */
  revision: z.string(),
  /** Aliases that exist already, and are therefore left out of our file. */
  conflicts: z.array(z.object({ hostId, alias: z.string(), path: z.string() })),
  /** Hosts with a value that ssh_config cannot hold (a control character), and that are therefore left out as well. */
  unwritable: z.array(z.object({ hostId, alias: z.string() })),
  problem: errorInfoSchema.nullable(),
})
export type SshConfigState = z.infer<typeof sshConfigStateSchema>

export const sshConfig = {
  read: call({ role: 'guest', on: 'here' }).output(sshConfigStateSchema),
  /** Puts the Include line at the top, after a backup. Fails as `changed-meanwhile` where the file is not the one shown. */
  include: call({ role: 'guest', on: 'here' })
    .input(z.object({ revision: z.string() }))
    .output(sshConfigStateSchema),
  /** Takes out exactly our Include line and our file. */
  remove: call({ role: 'guest', on: 'here' }).output(sshConfigStateSchema),
}
