import type { Tunnel } from '../../preload/contract/tunnels.ts'
import type { Host } from '../hosts/host.ts'
import { recordHost } from '../hosts/recording/record.ts'
import { errorInfo, StudioloError } from './errors.ts'
import type { Desktop, LocalFacts } from './ports.ts'
import type { Services } from './services.ts'

/** The app itself: what it is, where its window stands, and what it opens for the page. */
export function createAppService(options: {
  desktop: Desktop
  version: string
  nodeVersion: string
  platform: string
  facts(): Promise<LocalFacts>
  settingsPath(): string
  host(id: string): Host
  /** Those that are open now. */
  tunnels(): readonly Tunnel[]
}): Services['app'] {
  const { desktop, version, nodeVersion, platform } = options
  return {
    about: async () => ({
      name: 'Studiolo',
      ...{ version, platform, nodeVersion, face: desktop.face, can: desktop.can },
      system: await options.facts().then(
        ({ osName, osVersion }) => `${osName} ${osVersion}`,
        () => null,
      ),
      electronVersion: desktop.electronVersion,
      settingsPath: options.settingsPath(),
      systemLanguage: desktop.systemLanguage,
    }),
    openWindow: (place, host) => desktop.openWindow(place, host),
    closePopover: () => desktop.closePopover(),
    holdPopover: (isHeld) => desktop.holdPopover(isHeld),
    async openRemedy(target) {
      const isTunnel = options
        .tunnels()
        .some(({ localPort }) => target === `http://127.0.0.1:${localPort}/`)
      if (!isTunnel && !/^(x-apple\.systempreferences:com\.apple\.|https:\/\/)/.test(target)) {
        throw new StudioloError(errorInfo('invalid-input'))
      }
      await desktop.openUrl(target)
    },
    async diagnostics(hostId, signal) {
      const recording = await recordHost(
        options.host(hostId),
        signal === undefined ? {} : { signal },
      )
      return { text: `${JSON.stringify(recording, null, 2)}\n` }
    },
  }
}
