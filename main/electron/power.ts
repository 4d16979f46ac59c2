import { networkInterfaces } from 'node:os'
import { powerMonitor } from 'electron'
import type { Core } from '../core/create-core.ts'
import type { Clock } from '../core/ports.ts'
import { watchNetwork } from '../node/network-watch.ts'
import { createAttendance } from './attendance.ts'

/** Tells the core of sleep, of account switches and of other networks. Returns its end. */
export function watchPower(core: Core, clock: Clock, onLeave: () => void): () => void {
  const attend = createAttendance(core.signals)
  powerMonitor.on('suspend', () => attend('suspend'))
  powerMonitor.on('resume', () => attend('resume'))
  powerMonitor.on('unlock-screen', () => attend('unlock-screen'))
  powerMonitor.on('lock-screen', onLeave)
  powerMonitor.on('user-did-become-active', () => attend('user-did-become-active'))
  powerMonitor.on('user-did-resign-active', () => {
    onLeave()
    attend('user-did-resign-active')
  })
  return watchNetwork(clock, networkInterfaces, () => core.signals.networkChanged())
}
