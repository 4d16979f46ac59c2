import { delimiter } from 'node:path'
import { systemClock } from '../../../main/core/clock.ts'
import type { HostFactory } from '../../../main/core/ports.ts'
import { examine } from '../../../main/doctor/run.ts'
import type { Host } from '../../../main/hosts/host.ts'
import { createLocalHost } from '../../../main/hosts/local.ts'
import { createSshHost } from '../../../main/hosts/ssh.ts'
import { createMemorySecrets } from '../../../main/node/secrets.ts'
import { runtimes } from '../../../main/runtimes/index.ts'
import type { DoctorProgress } from '../../../preload/contract/doctor.ts'
import { plainHost } from '../../../preload/contract/plain-host.ts'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import { silentLog } from '../../support/silent-log.ts'
import type { TailnetNode } from './tailnet.ts'

/** This machine as a person at the node `own` has it: that Tailscale is found, and that home folder is theirs. */
export interface OwnMachine {
  local: Host
  factory: HostFactory
  env: Record<string, string>
  interfaces: TailnetNode['interfaces']
}

export function ownMachine(own: TailnetNode, homeDir: string): OwnMachine {
  const env = {
    ...{ HOME: homeDir, PATH: pathFirst(own), LANG: 'C.UTF-8' },
    // a shell without start files of its own, for the doctor that asks it for an agent
    SHELL: '/bin/sh',
  }
  const ports = { clock: systemClock, log: silentLog }
  const local = createLocalHost({ id: 'this-machine', homeDir, env, ...ports })
  return {
    ...{ local, env, interfaces: own.interfaces },
    factory: {
      local: () => local,
      facts: async () => ({ osName: '', osVersion: '', addresses: [] }),
      demo: () => local,
      ssh: (config) =>
        createSshHost({ config, ...ports, homeDir, env, secrets: createMemorySecrets() }),
    },
  }
}

export function pathFirst({ binDir }: TailnetNode): string {
  return [binDir, process.env.PATH].join(delimiter)
}

/** Reached by the alias that makeClientHome writes. */
export const studioConfig: SshHostConfig = {
  ...plainHost,
  ...{ kind: 'ssh', id: 'studio', name: 'Studio', target: 'studio' },
}

export interface Visit {
  last: DoctorProgress
  /** From the question to the name of the broken step; null where nothing is broken. */
  namedMs: number | null
  totalMs: number
}

/** Lets the doctor look from the own machine. */
export async function visit(
  { factory, local, env, interfaces }: OwnMachine,
  config: SshHostConfig = studioConfig,
): Promise<Visit> {
  const seen = interfaces()
  const instruments = {
    ...{ local, host: factory.ssh(config), config, state: undefined, runtimes },
    ...{ clock: systemClock, homeDir: env.HOME ?? '/', env, platform: process.platform },
    interfaces: () => seen,
  }
  const startedAt = performance.now()
  let namedMs: number | null = null
  let last: DoctorProgress | undefined
  for await (const progress of examine(instruments, new AbortController().signal)) {
    last = progress
    if (progress.brokenStepId !== null) namedMs ??= performance.now() - startedAt
  }
  if (last === undefined) throw new Error('The doctor said nothing')
  return { last, namedMs, totalMs: performance.now() - startedAt }
}
