import { systemClock } from '../core/clock.ts'
import type { Clock, HostFactory, Log, SecretStore } from '../core/ports.ts'
import type { Place } from '../core/settings.ts'
import { createDemoHost } from '../hosts/demo.ts'
import { createLocalHost, localFacts } from '../hosts/local.ts'
import { loadDemoRecording } from '../hosts/recording/recording.ts'
import { createSshHost } from '../hosts/ssh.ts'

export const clock: Clock = systemClock

export interface FactoryOptions extends Pick<Place, 'env' | 'homeDir'> {
  resourcesDir: string
  clock: Clock
  log: Log
  secrets: SecretStore
}

/** Makes the Hosts of every face. The demo's recording is read when it is first shown. */
export function createHostFactory(options: FactoryOptions): HostFactory {
  const { resourcesDir, env, homeDir, ...ports } = options
  return {
    local: () => createLocalHost({ id: 'this-machine', clock: ports.clock, log: ports.log }),
    facts: localFacts,
    demo: () => createDemoHost({ recording: loadDemoRecording(resourcesDir), clock: ports.clock }),
    ssh: (config, addressNow) =>
      createSshHost({ config, ...ports, homeDir, env, ...(addressNow && { addressNow }) }),
  }
}
