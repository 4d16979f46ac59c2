import type { Argv, CommandOutput } from '../hosts/host.ts'
import { HostError } from '../hosts/host.ts'
import { findAgent } from '../hosts/ssh/agent.ts'
import type { SshConfig } from '../hosts/ssh/config.ts'
import type { Visit } from './visit.ts'

/** An SSH agent that Studiolo does not use, with keys in it. */
export interface OtherAgent {
  path: string
  count: number
}

const mark = 'studiolo-agent='
const shellLimitMs = 4_000

/**
 * Which agent Studiolo asks, and whether the login shell knows another one that holds keys: an app started from Finder has Apple's,
 * not the one that the shell's start files name. Runs the person's own login shell and `ssh-add -l` here, up to 7 s.
 */
export async function otherAgent(
  visit: Visit,
  ssh: SshConfig,
): Promise<{ mine: string | null; other: OtherAgent | null }> {
  const { env, platform } = visit
  const mine = await findAgent(ssh, { env, platform: platform as NodeJS.Platform })
  // a configured agent is what the person wants, in the shell as well
  if (ssh.identityAgent !== undefined) return { mine, other: null }
  const path = await shellAgent(visit)
  if (path === null || path === mine) return { mine, other: null }
  const count = await countKeys(visit, path)
  return { mine, other: count === 0 ? null : { path, count } }
}

async function shellAgent(visit: Visit): Promise<string | null> {
  const shell = visit.env.SHELL ?? (visit.platform === 'darwin' ? '/bin/zsh' : '/bin/sh')
  const script = `printf '\\n${mark}%s\\n' "$SSH_AUTH_SOCK"`
  const output = await ask(visit, [shell, '-l', '-i', '-c', script])
  const line = output?.stdout.split('\n').find((one) => one.startsWith(mark))
  return line?.slice(mark.length).trim() || null
}

/** `ssh-add -l` prints a line for each key; its status is 1 for an empty agent and 2 for none. */
async function countKeys(visit: Visit, path: string): Promise<number> {
  const output = await ask(visit, ['env', `SSH_AUTH_SOCK=${path}`, 'ssh-add', '-l'])
  if (output?.exitCode !== 0) return 0
  return output.stdout.split('\n').filter((line) => /^\d+ \S+:/.test(line)).length
}

async function ask({ local, signal }: Visit, argv: Argv): Promise<CommandOutput | null> {
  try {
    return await local.run(argv, { timeoutMs: shellLimitMs, signal })
  } catch (error) {
    if (error instanceof HostError && error.kind !== 'cancelled') return null
    throw error
  }
}
