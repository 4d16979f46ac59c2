import type { HostState } from '../../preload/contract/fleet.ts'
import type { Link } from '../../preload/contract/hosts.ts'
import { checks } from '../checks/index.ts'
import { judgeAll } from '../checks/run.ts'
import type { Host, Identity, Ticker } from '../hosts/host.ts'
import { type ProbeId, probeById } from '../probes/index.ts'
import { readProbe } from '../probes/read.ts'
import { createTickReader, type TickReader, tickList } from '../probes/tick.ts'
import type { Runtime } from '../runtimes/runtime.ts'
import type { Fleet } from './fleet.ts'
import { barOf, footprintOf, sampleOf } from './host-view.ts'
import { createLinkWatch } from './link-watch.ts'
import type { Clock, Log } from './ports.ts'
import { roleOf } from './roles.ts'
import { createRuntimeWatch } from './runtime-watch.ts'
import { sleep } from './sleep.ts'

/**
 * How much is asked of a Host. `none`: nothing. `background`: what the menu bar shows. `open`: the gauges, because
 * somebody sees the list of Hosts. `focus`: processes, models and checks as well, because this Host is on display.
 */
export type Demand = 'none' | 'background' | 'open' | 'focus'

/** With nobody asking, the connection is given up after this long. */
const releaseAfterMs = 600_000
/** After a failed attempt. */
const retryEveryMs = 1_000
const backgroundProbes: readonly ProbeId[] = ['memory', 'memory-pressure', 'gpu-limit']
const askTimeoutMs = 10_000
/** Judgements that say the same are told again this often, for their age. */
const judgedAnewMs = 10_000

export interface HostWatch {
  readonly host: Host
  setDemand(demand: Demand): void
  setName(name: string): void
  /** Asks the probes of these checks again, whatever their age. */
  runChecks(ids?: readonly string[]): Promise<HostState['checks']>
  identity(signal?: AbortSignal): Promise<Identity>
  runtime(id: string): { runtime: Runtime; state: HostState['runtimes'][number] } | undefined
  refreshRuntime(id: string): Promise<HostState['runtimes'][number] | undefined>
  footprintBytes(runtime: Runtime): Promise<number | null>
  /** After wake or a change of network: everything at once. */
  wake(): void
  close(): Promise<void>
}

export interface HostWatchOptions {
  host: Host
  name: string
  index: number
  fleet: Fleet
  clock: Clock
  log: Log
  runtimes: readonly Runtime[]
  intervals(): { openEveryMs: number; closedEveryMs: number }
  path(host: Host, path: Link['path']): Link['path']
}

export function createHostWatch(options: HostWatchOptions): HostWatch {
  const { host, fleet, clock, log } = options
  const closing = new AbortController()
  let demand: Demand = 'none'
  let epoch = new AbortController()
  let ticker: Ticker | null = null
  let reader: TickReader | null = null
  let identity: Identity | null = null
  let cancelRelease: (() => void) | undefined
  let judgedAt = 0
  const askedAt = new Map<ProbeId, number>()

  const link = createLinkWatch({
    host,
    clock,
    path: (path) => options.path(host, path),
    onChange: (state) => fleet.patchHost({ id: host.id, link: state }),
  })
  const runtimeWatch = createRuntimeWatch({
    host,
    runtimes: options.runtimes,
    clock,
    // The bar waits for the next tick: with memory as it was before an unload, the model's bytes would pass for apps.
    onChange: (runtimes) => fleet.patchHost({ id: host.id, runtimes }),
  })
  fleet.addHost(
    {
      ...{
        id: host.id,
        name: options.name,
        kind: host.kind,
        platform: null,
        account: null,
        role: null,
      },
      ...{ link: link.get(), readings: {}, samples: [], memoryBar: null },
      ...{ runtimes: runtimeWatch.states(), checks: [] },
    },
    options.index,
  )

  const state = () => fleet.host(host.id)

  function dropTicker() {
    ticker?.close()
    ticker = null
  }

  async function identify(signal?: AbortSignal): Promise<Identity> {
    if (identity !== null) return identity
    const read = await host.identify(signal === undefined ? {} : { signal })
    identity = read
    reader = createTickReader(read.platform)
    const { platform, account } = read
    fleet.patchHost({ id: host.id, platform, account, role: roleOf(read) })
    return read
  }

  async function tick(signal: AbortSignal) {
    const { platform } = await identify(signal)
    ticker ??= await host.ticks(tickList(platform), { signal })
    const ids = demand === 'background' ? backgroundProbes : undefined
    const labels = reader?.labels({ ids, isFocused: demand === 'focus' })
    const answer = await ticker.ask({ ...(labels && { labels }), timeoutMs: askTimeoutMs, signal })
    const readings = reader?.read(answer.outputs, host.now()) ?? {}
    const merged = { ...state()?.readings, ...readings }
    fleet.patchHost({
      id: host.id,
      link: link.answered(answer.roundTripMs),
      readings,
      addSamples: [sampleOf(readings, clock.now())],
      ...barPatch(runtimeWatch.states(), merged),
    })
  }

  /** The memory bar from what is known now. */
  function barPatch(
    states: HostState['runtimes'],
    readings = state()?.readings ?? {},
  ): Partial<HostState> {
    const { runtimes } = options
    const loads = fleet
      .get()
      .jobs.filter(
        (job) => job.hostId === host.id && job.kind === 'load-model' && job.endedAt === null,
      )
    const memoryBar = barOf({ readings, states, runtimes, loads })
    return memoryBar === null ? {} : { memoryBar }
  }

  async function watchTicks(signal: AbortSignal) {
    while (!signal.aborted) {
      const startedAt = clock.monotonic()
      const { openEveryMs, closedEveryMs } = options.intervals()
      let everyMs = demand === 'background' ? closedEveryMs : openEveryMs
      try {
        await tick(signal)
      } catch (error) {
        if (signal.aborted) return
        dropTicker()
        log.debug('tick failed', { host: host.id, error: String(error) })
        everyMs = Math.max(everyMs, retryEveryMs)
      }
      await sleep(clock, Math.max(20, everyMs - (clock.monotonic() - startedAt)), signal)
    }
  }

  async function watchRuntimes(signal: AbortSignal) {
    while (!signal.aborted) {
      if (link.get().state === 'live' && demand === 'focus') await runtimeWatch.poll(signal)
      await sleep(clock, link.get().state === 'live' ? 500 : 250, signal)
    }
  }

  async function watchChecks(signal: AbortSignal) {
    while (!signal.aborted) {
      if (link.get().state === 'live' && demand === 'focus') await askDue(checks, signal)
      await sleep(clock, 1_000, signal)
    }
  }

  /** Asks the probes that these checks need and that are due, one after the other, and judges after each answer. */
  async function askDue(due: typeof checks, signal: AbortSignal, isForced = false) {
    const { platform } = await identify(signal)
    const gauges = new Set(reader?.probeIds ?? [])
    const done = new Set<ProbeId>()
    for (const check of due) {
      for (const id of check.needs) {
        const askedBefore = askedAt.get(id)
        const isDue =
          isForced || askedBefore === undefined || clock.now() - askedBefore >= check.everyMs
        if (!isDue || gauges.has(id) || done.has(id)) continue
        done.add(id)
        askedAt.set(id, clock.now())
        const reading = await readProbe(host, probeById(id), { signal })
        if (signal.aborted) {
          askedAt.delete(id)
          return
        }
        fleet.patchHost({ id: host.id, readings: { [id]: reading } })
        judge(platform)
      }
    }
    judge(platform)
  }

  function judge(platform: Identity['platform']) {
    const before = state()
    if (before === undefined) return
    const isHere = host.kind === 'local'
    const results = judgeAll(before.readings, { platform, now: host.now(), isHere })
    const isNew = saidBy(results) !== saidBy(before.checks)
    if (!isNew && clock.now() - judgedAt < judgedAnewMs) return
    judgedAt = clock.now()
    fleet.patchHost({ id: host.id, checks: results })
  }

  function start() {
    epoch.abort()
    epoch = new AbortController()
    const { signal } = epoch
    cancelRelease?.()
    cancelRelease = undefined
    if (demand === 'none' || closing.signal.aborted) {
      link.rest()
      dropTicker()
      cancelRelease = clock.after(releaseAfterMs, () => host.release())
      return
    }
    link.expect()
    const loops = demand === 'background' ? [watchTicks] : [watchTicks, watchRuntimes, watchChecks]
    for (const loop of loops) {
      loop(signal).catch((error: unknown) => {
        if (!signal.aborted) log.error('watch ended', { host: host.id, error: String(error) })
      })
    }
  }

  return {
    host,
    setDemand(next) {
      if (next === demand) return
      demand = next
      start()
    },
    setName: (name) => fleet.patchHost({ id: host.id, name }),
    async runChecks(ids) {
      await askDue(
        ids === undefined ? checks : checks.filter(({ id }) => ids.includes(id)),
        closing.signal,
        true,
      )
      return state()?.checks ?? []
    },
    identity: identify,
    runtime(id) {
      const runtime = options.runtimes.find((one) => one.id === id)
      const known = runtimeWatch.states().find((one) => one.id === id)
      return runtime !== undefined && known !== undefined ? { runtime, state: known } : undefined
    },
    refreshRuntime: (id) => runtimeWatch.refresh(id, closing.signal),
    async footprintBytes(runtime) {
      const reading = await readProbe(host, probeById('processes'), { signal: closing.signal })
      return footprintOf([runtime], { processes: reading })
    },
    wake() {
      host.reconnect()
      start()
    },
    async close() {
      closing.abort()
      epoch.abort()
      cancelRelease?.()
      link.close()
      dropTicker()
      fleet.removeHost(host.id)
      await host.close()
    },
  }
}

/** What judgements say, whatever their age. */
function saidBy(checks: HostState['checks']): string {
  return JSON.stringify(checks.map((check) => ({ ...check, at: null })))
}
