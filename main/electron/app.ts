import { join } from 'node:path'
import { app, clipboard, Notification } from 'electron'
import type { Message } from '../../preload/contract/base.ts'
import { createCore } from '../core/create-core.ts'
import { cachesDir, logsDir, type Place, settingsPath } from '../core/settings.ts'
import { clock, createHostFactory } from '../node/compose.ts'
import { createKeptReadings } from '../node/kept-readings.ts'
import { openLog } from '../node/log.ts'
import { findRoot } from '../node/root.ts'
import { loadWords } from '../node/words.ts'
import { createDesktop, pickLanguage } from './desktop.ts'
import { copyDiagnostics } from './diagnostics.ts'
import { guardPages } from './guard.ts'
import type { Launch } from './launch.ts'
import { setAppMenu } from './menu.ts'
import type { Anchor } from './place.ts'
import { createPopover } from './popover.ts'
import { watchPower } from './power.ts'
import { createSecretStore } from './secret-store.ts'
import { keychainCipher } from './secrets.ts'
import { servePorts } from './serve-port.ts'
import { openPlaceStore, openSettings } from './settings.ts'
import { createTrayIcon } from './tray.ts'
import { selectedHost, trayFace } from './tray-face.ts'
import { createMainWindow } from './window.ts'

/** Longer than this, nobody waits for connections to end before the app does. */
const closeWithinMs = 2_000
/** On X11 Electron can crash where it is told to exit while the last window is still being taken down. */
const restMs = process.platform === 'linux' ? 500 : 0

/** The menu-bar app, composed once, after Electron is ready. */
export async function startApp(
  launch: Extract<Launch, { kind: 'app' }>,
  place: Place,
): Promise<void> {
  const root = findRoot(app.getAppPath())
  const { env, homeDir, platform } = place
  const log = openLog(logsDir(place), 'app')
  const words = loadWords(root.resourcesDir)
  const systemLanguage = pickLanguage(app.getPreferredSystemLanguages())
  const settings = await openSettings(settingsPath(place))
  const secrets = await createSecretStore({
    path: join(app.getPath('userData'), 'secrets.json'),
    cipher: keychainCipher,
    log,
  })

  function sayNow(message: Message): string {
    const chosen = settings.get().settings.language
    const language = chosen === 'system' ? systemLanguage : chosen
    return words(message, language)
  }

  guardPages(root.pageDir)
  const popover = createPopover({ clock, log, keptMs: launch.popoverKeptMs })
  const window = createMainWindow(openPlaceStore(), log)
  const core = createCore({
    hosts: createHostFactory({ ...root, env, homeDir, clock, log, secrets }),
    ...{ settings, secrets, clock, log, platform, homeDir, env },
    kept: createKeptReadings({
      ...{ path: `${cachesDir({ platform, env, homeDir })}/readings.json`, log },
      version: root.version,
    }),
    desktop: createDesktop({
      ...{ systemLanguage, log },
      hasKeychain: secrets.isPersistent,
      openWindow(place, host) {
        // it floats above the window
        popover.close()
        return window.open(place, host)
      },
      closePopover: popover.close,
      holdPopover: popover.hold,
      togglePopover: () => popover.click(tray.anchor()),
      showPopover: () => popover.show(tray.anchor),
      say: sayNow,
    }),
    version: root.version,
    nodeVersion: process.versions.node,
    isDemoOnly: launch.isDemoOnly,
  })
  servePorts(core)

  const tray = createTrayIcon(join(root.resourcesDir, 'tray/trayTemplate.png'), {
    pressStarted: popover.pressStarted,
    click: popover.click,
    closePopover: popover.close,
    choose: (hostId, anchor) => void choose(hostId, anchor),
    openWindow: () => void window.open('hosts'),
    openSettings: () => void window.open('settings'),
    copyDiagnostics() {
      const host = selectedHost(core.fleet.get(), settings.get().settings)
      if (host === undefined) return
      void copyDiagnostics(host, {
        ...{ core, say: sayNow, copy: (text) => clipboard.writeText(text) },
        notify: (title, body) => new Notification({ title, body, silent: true }).show(),
      })
    },
    quit: () => app.quit(),
  })

  /** Shows a Host first, from now on. */
  async function choose(hostId: string, anchor: Anchor) {
    try {
      if (selectedHost(core.fleet.get(), settings.get().settings)?.id !== hostId) popover.forget()
      await settings.update((now) => ({ ...now, selectedHostId: hostId }))
    } catch (error) {
      log.warn('tray: the chosen host is not kept', { error: String(error) })
    }
    popover.show(() => anchor)
  }

  function drawTray() {
    tray.show(trayFace(core.fleet.get(), settings.get().settings, sayNow), sayNow)
  }

  function drawAll() {
    drawTray()
    setAppMenu(sayNow, (at) => void window.open(at))
  }

  drawAll()
  core.fleet.subscribe(drawTray)
  settings.onChange(drawAll)
  const stopPower = watchPower(core, clock, popover.close)

  // the icon may be switched off in System Settings: starting the app again is the second way in
  app.on('second-instance', () => void window.open('hosts'))
  app.on('activate', () => void window.open('hosts'))
  // a menu-bar app goes on without windows
  app.on('window-all-closed', () => {})

  let isClosing = false
  function closeAll() {
    if (isClosing) return
    isClosing = true
    stopPower()
    const end = () => app.exit(0)
    const endSoon = () => void setTimeout(end, restMs)
    core.close().then(endSoon, endSoon)
    setTimeout(end, closeWithinMs)
  }
  // a page that hangs, or is still being loaded, must not keep the person from quitting
  app.on('before-quit', () => void setTimeout(closeAll, closeWithinMs))
  app.on('will-quit', (event) => {
    event.preventDefault()
    closeAll()
  })

  const { hosts } = settings.get().settings
  const isAtLogin = launch.isHidden || app.getLoginItemSettings().wasOpenedAtLogin
  if (hosts.length === 0 && !isAtLogin) popover.show(tray.anchor)
  log.info('started', { version: root.version, electron: process.versions.electron })
}
