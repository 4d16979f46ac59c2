import type { ContractRouterClient } from '@orpc/contract'
import type { About, HostToOpen } from '../../preload/contract/app.ts'
import type { CheckResult } from '../../preload/contract/checks.ts'
import type { ConnectTool, ModelServerAddress } from '../../preload/contract/connect.ts'
import type { DoctorProgress } from '../../preload/contract/doctor.ts'
import type { FleetEvent } from '../../preload/contract/fleet.ts'
import type {
  HostSuggestion,
  HostTestProgress,
  KeySetUpProgress,
} from '../../preload/contract/hosts.ts'
import type { Contract } from '../../preload/contract/index.ts'
import type { RuntimeState } from '../../preload/contract/models.ts'
import type {
  SettingsPatch,
  ShownSettings,
  SshHostConfig,
} from '../../preload/contract/settings.ts'
import type { SshConfigState } from '../../preload/contract/ssh-config.ts'
import type { Tunnel } from '../../preload/contract/tunnels.ts'
import type { LinkAnswer } from '../hosts/host.ts'

/** What a page, and a test, calls. */
export type StudioloClient = ContractRouterClient<Contract>
/** A Host before it is added: the core gives it its id. */
export type NewHost = Omit<SshHostConfig, 'id' | 'kind'>
type Place = 'hosts' | 'add-host' | 'connect' | 'settings' | 'about'

/** `localPort` null: the same number as over there, or any free one where that is below 1024. */
export interface TunnelRequest {
  hostId: string
  name: string
  remotePort: number
  localPort: number | null
}

/** What stands behind each area of the contract. The calls' meaning is documented there. */
export interface Services {
  app: {
    about(): Promise<About>
    openWindow(place: Place, host?: HostToOpen): Promise<void>
    closePopover(): void
    holdPopover(isHeld: boolean): void
    openRemedy(target: string): Promise<void>
    diagnostics(hostId: string, signal?: AbortSignal): Promise<{ text: string }>
  }
  checks: { run(hostId: string, ids?: readonly string[]): Promise<CheckResult[]> }
  connect: {
    tools(): Promise<ConnectTool[]>
    open(hostId: string, toolId: ConnectTool['id']): Promise<void>
    sshCommand(hostId: string): Promise<{ command: string }>
    modelServerAddress(hostId: string, runtimeId: string): Promise<ModelServerAddress>
  }
  doctor: { run(hostId: string, signal?: AbortSignal): AsyncGenerator<DoctorProgress, void> }
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
    setUpKey(
      testId: string,
      host: NewHost,
      signal?: AbortSignal,
    ): AsyncGenerator<KeySetUpProgress, void>
    wake(id: string): Promise<void>
    answer(id: string, answer: LinkAnswer): void
    reconnect(id: string): void
  }
  jobs: { cancel(hostId: string, jobId: string): void }
  models: {
    load(hostId: string, runtimeId: RuntimeState['id'], modelId: string): { jobId: string }
    unload(hostId: string, runtimeId: RuntimeState['id'], modelId: string): { jobId: string }
  }
  settings: {
    get(): ShownSettings
    watch(signal?: AbortSignal): AsyncGenerator<ShownSettings, void>
    update(patch: SettingsPatch): Promise<ShownSettings>
    dismissProblem(): ShownSettings
  }
  sshConfig: {
    read(): Promise<SshConfigState>
    include(revision: string): Promise<SshConfigState>
    remove(): Promise<SshConfigState>
  }
  tailnet: {
    up(): { jobId: string }
    down(): { jobId: string }
    logIn(): { jobId: string }
    refresh(): Promise<void>
  }
  tunnels: {
    open(request: TunnelRequest): Promise<Tunnel>
    closeOne(hostId: string, id: string): void
  }
}
