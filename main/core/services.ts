import type { ContractRouterClient } from '@orpc/contract'
import type { About } from '../../preload/contract/app.ts'
import type { CheckResult } from '../../preload/contract/checks.ts'
import type { ConnectTool } from '../../preload/contract/connect.ts'
import type { FleetEvent } from '../../preload/contract/fleet.ts'
import type { HostSuggestion, HostTestProgress } from '../../preload/contract/hosts.ts'
import type { Contract } from '../../preload/contract/index.ts'
import type { RuntimeState } from '../../preload/contract/models.ts'
import type {
  SettingsPatch,
  SettingsState,
  SshHostConfig,
} from '../../preload/contract/settings.ts'
import type { LinkAnswer } from '../hosts/host.ts'

export type StudioloClient = ContractRouterClient<Contract>
export type NewHost = Omit<SshHostConfig, 'id' | 'kind'>
type Place = 'hosts' | 'add-host' | 'settings' | 'about'

/** What stands behind each area of the contract. The calls' meaning is documented there. */
export interface Services {
  app: {
    about(): Promise<About>
    openWindow(place: Place): Promise<void>
    closePopover(): void
    openRemedy(target: string): Promise<void>
    diagnostics(hostId: string, signal?: AbortSignal): Promise<{ text: string }>
  }
  checks: { run(hostId: string, ids?: readonly string[]): Promise<CheckResult[]> }
  connect: {
    tools(): Promise<ConnectTool[]>
    open(hostId: string, toolId: ConnectTool['id']): Promise<void>
    modelServerAddress(hostId: string, runtimeId: string): Promise<{ url: string }>
  }
  fleet: { watch(focus: string | null, signal?: AbortSignal): AsyncGenerator<FleetEvent, void> }
  hosts: {
    suggestions(): Promise<HostSuggestion[]>
    add(host: NewHost): Promise<SshHostConfig>
    edit(host: SshHostConfig): Promise<SshHostConfig>
    remove(id: string): Promise<void>
    test(
      testId: string,
      host: NewHost,
      signal?: AbortSignal,
    ): AsyncGenerator<HostTestProgress, void>
    answer(id: string, answer: LinkAnswer): void
    reconnect(id: string): void
  }
  jobs: { cancel(hostId: string, jobId: string): void }
  models: {
    load(hostId: string, runtimeId: RuntimeState['id'], modelId: string): { jobId: string }
    unload(hostId: string, runtimeId: RuntimeState['id'], modelId: string): { jobId: string }
  }
  settings: {
    get(): SettingsState
    update(patch: SettingsPatch): Promise<SettingsState>
    dismissProblem(): SettingsState
  }
}
