import { networkInterfaces, tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { RPCHandler } from '@orpc/server/ws'
import { createCore } from '../core/create-core.ts'
import type { Clock } from '../core/ports.ts'
import { cachesDir, logsDir, type Place, settingsPath } from '../core/settings.ts'
import { createHostFactory, clock as systemClock } from './compose.ts'
import { createBrowserDesktop, languageOf } from './desktop.ts'
import { createKeptReadings } from './kept-readings.ts'
import { type LinkFile, writeLinkFile } from './link-file.ts'
import { openLog } from './log.ts'
import { watchNetwork } from './network-watch.ts'
import { openUrl } from './open-url.ts'
import type { Root } from './root.ts'
import { createMemorySecrets } from './secrets.ts'
import type { ServeOptions } from './serve-options.ts'
import { startServer } from './server.ts'
import { openSettings } from './settings.ts'
import { watchForWake } from './wake.ts'
import { languages, type Say } from './words.ts'

/** A token's life, see gate.ts; the file that holds the link is of no use after it. */
const linkFileLifeMs = 60_000

export interface Terminal {
  input: NodeJS.ReadableStream & { isTTY?: boolean }
  write(line: string): void
}

export interface Surroundings extends Place {
  root: Root
  say: Say
  terminal: Terminal
  /** @default the system's */
  clock?: Clock
  /** @default this machine's */
  interfaces?: typeof networkInterfaces
}

export interface RunningHost {
  port: number
  close(): Promise<void>
}

/** Composes the core for a browser, serves it, and shows the way in. Rejects where the port cannot be had. */
export async function serve(
  options: ServeOptions,
  surroundings: Surroundings,
): Promise<RunningHost> {
  const { platform, env, homeDir, root, say, terminal } = surroundings
  const { clock = systemClock, interfaces = networkInterfaces } = surroundings
  const language = languageOf(env)
  const log = openLog(logsDir({ platform, env, homeDir }), 'browser-host')
  const secrets = createMemorySecrets()
  const settings = await openSettings(settingsPath({ platform, env, homeDir }))
  const core = createCore({
    hosts: createHostFactory({ ...root, env, homeDir, clock, log, secrets }),
    ...{ settings, secrets, clock, log, platform, homeDir, env },
    kept: createKeptReadings({
      ...{ path: `${cachesDir({ platform, env, homeDir })}/readings.json`, log },
      version: root.version,
    }),
    desktop: createBrowserDesktop({ platform, env, systemLanguage: language }),
    version: root.version,
    nodeVersion: process.versions.node,
    isDemoOnly: options.isDemoOnly,
  })
  const handler = new RPCHandler(core.router)
  const inAll = (key: string) => languages.map((one) => say({ key }, one)).join('\n')

  const server = await startServer({
    ...{ pageDir: root.pageDir, port: options.port, clock, log },
    onPage: (socket) => void handler.upgrade(socket, { context: core.context() }),
    refusals: {
      host: inAll('serve.refused-host'),
      origin: inAll('serve.refused-origin'),
      notFound: inAll('serve.not-found'),
    },
  }).catch(async (error: unknown) => {
    await core.close()
    settings.close()
    throw error
  })
  log.info('serving', { port: server.port, version: root.version })

  const stopWake = watchForWake(clock, () => core.signals.wake())
  const stopNetwork = watchNetwork(clock, interfaces, () => core.signals.networkChanged())
  const lines = terminal.input.isTTY === true ? createInterface(terminal.input) : null
  const linkFiles = new Set<LinkFile>()

  function show(): void {
    terminal.write(`Studiolo: ${server.link()}`)
  }

  async function open(): Promise<void> {
    try {
      // the printed link has a token of its own, so either may be used
      const file = writeLinkFile(server.link(), env.TMPDIR || tmpdir())
      linkFiles.add(file)
      clock.after(linkFileLifeMs, () => {
        file.remove()
        linkFiles.delete(file)
      })
      await openUrl(file.url, { platform, env })
    } catch (error) {
      log.warn('no browser was opened', { error })
      terminal.write(say({ key: 'serve.not-opened' }, language))
    }
  }

  show()
  terminal.write(say({ key: 'serve.hint' }, language))
  lines?.on('line', show)
  if (options.isOpened && hasScreen(platform, env)) void open()

  return {
    port: server.port,
    async close() {
      lines?.close()
      stopWake()
      stopNetwork()
      for (const file of linkFiles) file.remove()
      await server.close()
      await core.close()
      settings.close()
      log.info('ended')
    },
  }
}

/** Without a screen, xdg-open would start a browser inside the terminal. */
export function hasScreen(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return platform === 'darwin' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}
