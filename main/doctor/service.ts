import { networkInterfaces } from 'node:os'
import type { HostState } from '../../preload/contract/fleet.ts'
import type { SshHostConfig } from '../../preload/contract/settings.ts'
import { errorInfo, StudioloError } from '../core/errors.ts'
import type { Clock, HostFactory, Log } from '../core/ports.ts'
import type { Services } from '../core/services.ts'
import type { Host } from '../hosts/host.ts'
import { runtimes } from '../runtimes/index.ts'
import { examine } from './run.ts'

export interface DoctorOptions {
  factory: HostFactory
  /** This machine: asks its Tailscale. */
  local(): Host
  stateOf(hostId: string): HostState | undefined
  configOf(hostId: string): SshHostConfig | undefined
  clock: Clock
  log: Log
  homeDir: string
  env: Record<string, string | undefined>
  platform: string
}

let visits = 0

/** "Why can't I connect?": tries each hop to a Host and says which one broke. */
export function createDoctor(options: DoctorOptions): Services['doctor'] {
  const { factory, clock, log, homeDir, env, platform } = options

  return {
    async *run(hostId, signal) {
      const config = options.configOf(hostId)
      if (config === undefined) throw new StudioloError(errorInfo('not-found'))
      const startedMs = clock.monotonic()
      const host = factory.ssh({ ...config, id: `doctor-${++visits}-${config.id}` })
      const instruments = {
        ...{ local: options.local(), host, config, state: options.stateOf(hostId), runtimes },
        ...{ clock, homeDir, env, platform, interfaces: networkInterfaces },
      }
      for await (const progress of examine(instruments, signal)) {
        if (progress.isDone) {
          const tookMs = Math.round(clock.monotonic() - startedMs)
          log.info('doctor', { host: hostId, broken: progress.brokenStepId, tookMs })
        }
        yield progress
      }
    },
  }
}
