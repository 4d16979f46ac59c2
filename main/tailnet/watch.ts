import type { Reading } from '../../preload/contract/readings.ts'
import type { Fleet } from '../core/fleet.ts'
import { localHostId } from '../core/host-fleet.ts'
import type { Clock, Log } from '../core/ports.ts'
import { saidBy } from '../core/said.ts'
import type { Host } from '../hosts/host.ts'
import { probeById } from '../probes/index.ts'
import { readProbe } from '../probes/read.ts'

/** Keeps the reading `tailnet` of this machine fresh, whoever is on display. */
export interface TailnetWatch {
  /** Asks now; resolves when the reading is in the state. Never rejects. */
  refresh(): Promise<void>
  /** How often it is asked: while somebody looks, while nobody does, or not at all. */
  setDemand(demand: 'open' | 'background' | 'none'): void
  close(): void
}

const everyMs = { open: 5_000, background: 30_000 } as const
/** A machine without Tailscale is asked again this often: somebody may install it. */
const absentEveryMs = 300_000
/** A reading that says the same is told again this often, for its age: each one goes over the wire to every page. */
const toldAnewMs = 10_000

export function createTailnetWatch(options: {
  local(): Host
  fleet: Fleet
  clock: Clock
  log: Log
}): TailnetWatch {
  const { fleet, clock, log } = options
  const closing = new AbortController()
  let demand: 'open' | 'background' | 'none' = 'none'
  let askedAt: number | null = null
  let isAbsent = false
  let asking: Promise<void> | null = null
  let askingNext: Promise<void> | null = null
  let cancelTimer = () => {}

  function schedule() {
    cancelTimer()
    if (demand === 'none' || asking !== null || closing.signal.aborted) return
    const delayMs = isAbsent ? absentEveryMs : everyMs[demand]
    const waitMs = askedAt === null ? 0 : askedAt + delayMs - clock.monotonic()
    cancelTimer = clock.after(Math.max(0, waitMs), () => void ask())
  }

  async function read() {
    try {
      const { signal } = closing
      const reading = await readProbe(options.local(), probeById('tailnet'), { signal })
      if (signal.aborted) return
      isAbsent = reading.kind === 'unknown' && reading.reason === 'not-installed'
      tell(reading)
    } catch (error) {
      // there is no such Host where only the demo is shown
      log.debug('tailnet not read', { error: String(error) })
    }
  }

  function tell(reading: Reading) {
    const known = fleet.host(localHostId)?.readings.tailnet
    if (known !== undefined) {
      const newerMs = Date.parse(reading.at) - Date.parse(known.at)
      // the checks of this machine read the same probe
      if (newerMs < 0) return
      if (newerMs < toldAnewMs && saidBy(known) === saidBy(reading)) return
    }
    fleet.patchHost({ id: localHostId, readings: { tailnet: reading } })
  }

  function ask(): Promise<void> {
    cancelTimer()
    askedAt = clock.monotonic()
    asking = read().finally(() => {
      asking = null
      schedule()
    })
    return asking
  }

  return {
    async refresh() {
      if (closing.signal.aborted) return
      if (asking === null) return ask()
      // what is being asked may have been answered before that which the caller wants to see
      askingNext ??= asking.then(ask).finally(() => {
        askingNext = null
      })
      await askingNext
    },
    setDemand(next) {
      if (next === demand) return
      demand = next
      schedule()
    },
    close() {
      closing.abort()
      cancelTimer()
    },
  }
}
