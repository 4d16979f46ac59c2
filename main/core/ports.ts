import type { Alert } from '../../preload/contract/alerts.ts'
import type { HostToOpen } from '../../preload/contract/app.ts'
import type { Reading } from '../../preload/contract/readings.ts'
import type {
  Refusals,
  Settings,
  SettingsState,
  SshHostConfig,
} from '../../preload/contract/settings.ts'
import type { Host } from '../hosts/host.ts'

/** Time as the core sees it; tests give one that they move by hand. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Monotonic milliseconds, for durations. */
  monotonic(): number
  /** Calls once after `delayMs`; the returned function takes it back. Does not keep the process alive. */
  after(delayMs: number, run: () => void): () => void
}

/** The one settings file. */
export interface SettingsStore {
  get(): SettingsState
  /** Reads again under a lock, applies, validates, writes beside and renames. Rejects with a {@link StudioloError}. */
  update(change: (settings: Settings) => Settings): Promise<SettingsState>
  /** Also called when another face wrote the file. */
  onChange(listener: (state: SettingsState) => void): () => void
  dismissProblem(): SettingsState
  close(): void
}

/** The keychain, or memory where there is none. Keys are `password:<account@name of the host key>` or `passphrase:<path>`. */
export interface SecretStore {
  /** False where secrets live only as long as the process. */
  readonly isPersistent: boolean
  get(key: string): Promise<string | null>
  set(key: string, secret: string, options: { isRemembered: boolean }): Promise<void>
  remove(key: string): Promise<void>
}

/** What the desktop around the app can do; each face supplies its own. */
export interface Desktop {
  face: 'electron' | 'browser'
  electronVersion: string | null
  systemLanguage: 'en' | 'zh-CN'
  can: { startAtLogin: boolean; globalShortcut: boolean; menuBar: boolean; keychain: boolean }
  /** Only called with addresses that the core made itself. */
  openUrl(url: string): Promise<void>
  openWindow(
    place: 'hosts' | 'add-host' | 'connect' | 'settings' | 'about',
    host?: HostToOpen,
  ): Promise<void>
  closePopover(): void
  /** Whether it stays open without the focus. */
  holdPopover(isHeld: boolean): void
  /** A system notification in the system's language; does nothing where there are none. */
  notify(alert: Alert): void
  /** Applies `isStartedAtLogin`, `globalShortcut` and the theme to the system. */
  apply(settings: Settings): void
  /** What the system makes of the settings applied last; asks it now. */
  refusals(): Refusals
}

/** Readings that are asked so seldom that they outlive a restart, by machine and probe. Only values; each with its age. */
export interface KeptReadings {
  get(machine: string): Record<string, Reading>
  put(machine: string, probeId: string, reading: Reading): void
}

/** Lines for the log file. Texts and fields are redacted on the way; nobody writes a secret all the same. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
}

/** What is known of the machine that Studiolo runs on, beside what its Host answers. */
export interface LocalFacts {
  osName: string
  osVersion: string
  /** Without loopback and link-local ones. */
  addresses: readonly string[]
}

/**
 * The address to use instead of a host name that is out of date, asked with every attempt to connect; null = the name is good. For a
 * machine that was renamed in the tailnet.
 */
export type AddressNow = (hostName: string) => string | null | Promise<string | null>

/** Makes Hosts; the core never knows how. */
export interface HostFactory {
  local(): Host
  /** Takes some hundred milliseconds. */
  facts(): Promise<LocalFacts>
  demo(): Host
  /** @param addressNow by default the name is always good */
  ssh(config: SshHostConfig, addressNow?: AddressNow): Host
}
