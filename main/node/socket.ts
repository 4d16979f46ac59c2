import type { RawData, WebSocket } from 'ws'
import { closeCodes } from '../../preload/close-codes.ts'
import { type Hello, helloSchema, type Welcome } from '../../preload/contract/session.ts'
import type { Clock, Log } from '../core/ports.ts'
import type { Gate } from './gate.ts'

const helloWithinMs = 10_000
const longestHello = 1000

export interface Admission {
  gate: Gate
  clock: Clock
  log: Log
  /** Serves the contract on an admitted socket. Called before the page hears that it is admitted. */
  onAdmitted(socket: WebSocket): void
}

/** Waits for the first message of a new socket, and lets nothing through before it was right. */
export function admit(socket: WebSocket, { gate, clock, log, onAdmitted }: Admission): void {
  function refuse(code: number, reason: string): void {
    log.warn('refused a page', { code, reason })
    socket.close(code, reason)
  }

  const stopTimer = clock.after(helloWithinMs, () => {
    socket.removeAllListeners('message')
    refuse(closeCodes.helloTimeout, 'no first message')
  })
  socket.on('error', (error) => log.warn('a page broke off', { reason: error.message }))
  socket.once('close', stopTimer)
  socket.once('message', (data, isBinary) => {
    stopTimer()
    const hello = isBinary ? null : parseHello(data)
    if (hello === null) {
      refuse(closeCodes.badHello, 'no token in the first message')
      return
    }
    const sessionKey = 'token' in hello ? gate.redeem(hello.token) : hello.sessionKey
    if (sessionKey === null || !gate.isSession(sessionKey)) {
      refuse(closeCodes.notAdmitted, 'not admitted: open a fresh link')
      return
    }
    onAdmitted(socket)
    socket.send(JSON.stringify({ sessionKey } satisfies Welcome))
  })
}

function parseHello(data: RawData): Hello | null {
  const text = data.toString()
  if (text.length > longestHello) return null
  try {
    return helloSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}
