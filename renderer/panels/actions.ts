import { createContext, useCallback, useContext, useRef, useState } from 'react'
import type { ErrorInfo } from '../../preload/contract/base.ts'
import type { ConnectTool, ModelServerAddress } from '../../preload/contract/connect.ts'
import type { DoctorProgress } from '../../preload/contract/doctor.ts'
import type { HostSuggestion } from '../../preload/contract/hosts.ts'
import type { RuntimeState } from '../../preload/contract/models.ts'
import type { Tunnel } from '../../preload/contract/tunnels.ts'

type RuntimeId = RuntimeState['id']
export type TunnelRequest = Pick<Tunnel, 'hostId' | 'name' | 'remotePort'> & {
  /** Null: the same number, or a free one. */
  localPort: number | null
}
export type HostAnswer =
  | { kind: 'host-key'; fingerprint: string; isAccepted: boolean }
  | { kind: 'secret'; secret: string | null; isRemembered: boolean }

/** All that a person can set off from the popover. Each rejects with something {@link failureOf} understands. */
export interface Actions {
  /** There is a keychain to keep passwords in; else they live as long as the app. */
  canKeepSecrets: boolean
  selectHost(id: string): void
  closePopover(): Promise<void>
  openWindow(place: 'hosts' | 'add-host' | 'connect' | 'settings' | 'about'): Promise<void>
  /** Goes to a Host's settings, or to the making of its key. */
  openHost(hostId: string, as: 'edit' | 'key'): Promise<void>
  openRemedy(target: string): Promise<void>
  load(hostId: string, runtimeId: RuntimeId, modelId: string): Promise<void>
  unload(hostId: string, runtimeId: RuntimeId, modelId: string): Promise<void>
  cancel(hostId: string, jobId: string): Promise<void>
  tools(): Promise<ConnectTool[]>
  open(hostId: string, toolId: ConnectTool['id']): Promise<void>
  modelServerAddress(hostId: string, runtimeId: RuntimeId): Promise<ModelServerAddress>
  /** What one would type in a terminal. */
  sshCommand(hostId: string): Promise<string>
  diagnostics(hostId: string): Promise<string>
  copy(text: string): Promise<void>
  runCheck(hostId: string, checkId: string): Promise<void>
  answer(hostId: string, answer: HostAnswer): Promise<void>
  /** Whether nobody was asked yet if a key is to be made for a Host. */
  isKeyUnoffered(hostId: string): Promise<boolean>
  /** The person has been asked that, and is not asked again. */
  keepKeyOffered(hostId: string): Promise<void>
  reconnect(hostId: string): Promise<void>
  wake(hostId: string): Promise<void>
  /** Starts a Job on this machine's Tailscale. */
  startTailnet(): Promise<void>
  logInToTailnet(): Promise<void>
  /** Tries each hop to a Host; ends when `signal` aborts. */
  doctor(hostId: string, signal: AbortSignal): Promise<AsyncIterable<DoctorProgress>>
  openTunnel(request: TunnelRequest): Promise<Tunnel>
  closeTunnel(hostId: string, id: string): Promise<void>
  /** Shows what answers at a tunnel's end here in the browser. */
  openTunnelPage(localPort: number): Promise<void>
  suggestions(): Promise<HostSuggestion[]>
  addSuggestion(suggestion: HostSuggestion): Promise<void>
  showDemo(): Promise<void>
}

export const ActionsContext = createContext<Actions | null>(null)

export function useActions(): Actions {
  const actions = useContext(ActionsContext)
  if (actions === null) throw new Error('ActionsContext has no value')
  return actions
}

/** What went wrong, as the page can say it: the core's own words where it sent some. */
export function failureOf(error: unknown): ErrorInfo {
  if (typeof error === 'object' && error !== null && 'data' in error) {
    const { data } = error
    if (typeof data === 'object' && data !== null) {
      if ('message' in data && 'code' in data) return data as ErrorInfo
      if ('needs' in data) return { code: 'not-permitted', message: { key: 'error.not-permitted' } }
    }
  }
  const detail = error instanceof Error ? error.message : String(error)
  return { code: 'internal', message: { key: 'error.internal' }, detail }
}

export interface Attempt {
  isPending: boolean
  failure: ErrorInfo | null
  /** Runs one at a time; a second call while the first runs is ignored. Never rejects: see `failure`. */
  run(act: () => Promise<unknown>): void
  dismiss(): void
}

/** One action of a button: whether it runs, and what went wrong the last time. */
export function useAttempt(): Attempt {
  const [isPending, setPending] = useState(false)
  const [failure, setFailure] = useState<ErrorInfo | null>(null)
  const isRunning = useRef(false)
  const run = useCallback((act: () => Promise<unknown>) => {
    if (isRunning.current) return
    isRunning.current = true
    setPending(true)
    setFailure(null)
    act()
      .catch((error: unknown) => setFailure(failureOf(error)))
      .finally(() => {
        isRunning.current = false
        setPending(false)
      })
  }, [])
  const dismiss = useCallback(() => setFailure(null), [])
  return { isPending, failure, run, dismiss }
}
