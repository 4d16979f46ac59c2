import { systemClock } from '../../main/core/clock.ts'
import { type Core, type CoreOptions, createCore } from '../../main/core/create-core.ts'
import type { Desktop, KeptReadings, SecretStore } from '../../main/core/ports.ts'
import { createSettingsStore } from '../../main/core/settings-store.ts'
import type { Reading } from '../../preload/contract/readings.ts'
import { noRefusals } from '../../preload/contract/settings.ts'
import { createMemoryFile } from './memory-settings.ts'
import { silentLog } from './silent-log.ts'

/** Secrets that live as long as the test. */
export function createMemorySecrets(): SecretStore {
  const secrets = new Map<string, string>()
  return {
    isPersistent: false,
    get: async (key) => secrets.get(key) ?? null,
    set: async (key, secret) => void secrets.set(key, secret),
    remove: async (key) => void secrets.delete(key),
  }
}

/** A desktop that does nothing and remembers what it was asked. */
export function createTestDesktop(): Desktop & { asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    face: 'browser',
    electronVersion: null,
    systemLanguage: 'en',
    can: { startAtLogin: false, globalShortcut: false, menuBar: false, keychain: false },
    openUrl: async (url) => void asked.push(`openUrl ${url}`),
    openWindow: async (place) => void asked.push(`openWindow ${place}`),
    closePopover: () => void asked.push('closePopover'),
    holdPopover: (isHeld) => void asked.push(`holdPopover ${isHeld}`),
    notify: (alert) => void asked.push(`notify ${alert.id}`),
    apply: () => {},
    refusals: () => noRefusals,
  }
}

export function createMemoryReadings(): KeptReadings {
  const machines = new Map<string, Record<string, Reading>>()
  return {
    get: (machine) => machines.get(machine) ?? {},
    put: (machine, id, reading) =>
      void machines.set(machine, { ...machines.get(machine), [id]: reading }),
  }
}

/** A whole core around the given Hosts, with settings and secrets in memory. */
export async function createTestCore(
  options: Pick<CoreOptions, 'hosts'> & Partial<CoreOptions>,
): Promise<Core> {
  const settings = options.settings ?? (await createSettingsStore(createMemoryFile().backing()))
  return createCore({
    settings,
    secrets: createMemorySecrets(),
    kept: createMemoryReadings(),
    desktop: createTestDesktop(),
    clock: systemClock,
    log: silentLog,
    version: '0.0.0-test',
    nodeVersion: process.versions.node,
    platform: 'darwin',
    homeDir: '/nowhere',
    env: {},
    isOutputChecked: true,
    ...options,
  })
}
