import type { Clock } from '../core/ports.ts'

const lookEveryMs = 5000
const sleptMs = 15_000

/**
 * Calls when this machine seems to have slept: timers stand still then, the time of day does not. Node hears nothing
 * of sleep from the system; Electron does, and needs no such guess.
 */
export function watchForWake(clock: Clock, onWake: () => void): () => void {
  let lookedAt = clock.now()
  let stop = clock.after(lookEveryMs, look)
  function look(): void {
    const awayMs = clock.now() - lookedAt
    lookedAt = clock.now()
    stop = clock.after(lookEveryMs, look)
    if (awayMs > lookEveryMs + sleptMs) onWake()
  }
  return () => stop()
}
