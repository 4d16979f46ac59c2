import { plainHost } from '../../preload/contract/plain-host.ts'
import type { Settings, SshHostConfig } from '../../preload/contract/settings.ts'

export function sshHost(id: string): SshHostConfig {
  return {
    kind: 'ssh',
    id,
    name: `Host ${id}`,
    target: id,
    ...plainHost,
  }
}

export function addHost(id: string): (settings: Settings) => Settings {
  return (settings) => ({ ...settings, hosts: [...settings.hosts, sshHost(id)] })
}
