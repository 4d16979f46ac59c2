import type { HostState } from '../../preload/contract/fleet.ts'
import type { Link } from '../../preload/contract/hosts.ts'
import type { Host, Identity, Ticker } from '../hosts/host.ts'
import { mostApartMs } from '../models/held.ts'
import { probeById } from '../probes/index.ts'
import { readProbe } from '../probes/read.ts'
import { createTickReader, type TickReader, tickList } from '../probes/tick.ts'
import type { Runtime } from '../runtimes/runtime.ts'
import { createBarWatch } from './bar-watch.ts'
import { createBeside } from './beside.ts'
import { createCheckWatch } from './check-watch.ts'
import type { Fleet } from './fleet.ts'
import { footprintOf, sampleOf } from './host-view.ts'
import { createIdentityWatch } from './identity-watch.ts'
import { createLinkWatch } from './link-watch.ts'
import { type Demand, type Intervals, paceOf } from './pace.ts'
import type { Clock, KeptReadings, Log } from './ports.ts'
import { roleOf } from './roles.ts'
import { createRuntimeWatch } from './runtime-watch.ts'
import { sleep } from './sleep.ts'

/** With nobody asking, the connection is given up after this long. */
const releaseAfterMs = 600_000
/** After a failed attempt. */
const retryEveryMs = 1_000
const askTimeoutMs = 10_000

/** Keeps one Host’s part of the state up to date, as far as somebody looks; see {@link Demand}. */
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
  /** After wake or a change of network: everything that somebody wants to know, at once. A refused login is left alone. */
  wake(): void
  /** The person wants a new attempt, whatever the last one met. */
  reconnect(): void
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
  kept: KeptReadings
  intervals(): Intervals
  path(host: Host, path: Link['path']): Link['path']
  /** Something else than a page needs the connection: it is not given up. */
  isHeld(hostId: string): boolean
}

export function createHostWatch(options: HostWatchOptions): HostWatch {
  const { host, fleet, clock, log } = options
  const closing = new AbortController()
  let demand: Demand = 'none'
  let epoch = new AbortController()
  let ticker: Ticker | null = null
  let reader: TickReader | null = null
  /** Monotonic. */
  let modelsAskedAt = Number.NEGATIVE_INFINITY
  /** The bar waits for the lists of models: beside memory of now, those of long ago tell no room. */
  let isBarAwaited = false
  let cancelRelease: (() => void) | undefined

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
    // A bar that tells room waits for the next tick: with memory as it was before an unload, the model's bytes would pass for apps.
    onChange: (runtimes) =>
      fleet.patchHost({
        ...{ id: host.id, runtimes },
        ...(state()?.memoryBar?.roomBytes === null && bar.patch(runtimes)),
      }),
  })
  const bar = createBarWatch({ hostId: host.id, runtimes: options.runtimes, fleet, clock })
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
  const askBeside = createBeside((error) =>
    log.error('watch failed', { host: host.id, error: String(error) }),
  )

  const identity = createIdentityWatch({
    host,
    onRead(read) {
      const { platform, account } = read
      // it remembers what the gauge asks once an hour, and the gauge may be the same
      if (reader === null || platform !== state()?.platform) reader = createTickReader(platform)
      fleet.patchHost({ id: host.id, platform, account, role: roleOf(read) })
    },
  })
  const checkWatch = createCheckWatch({
    ...{ host, fleet, clock, kept: options.kept, identify: identity.get },
  })

  function dropTicker() {
    ticker?.close()
    ticker = null
  }

  async function tick(signal: AbortSignal, everyMs: number, areModelsDue: boolean) {
    const { platform } = await identity.get(signal)
    ticker ??= await host.ticks(tickList(platform), { signal })
    const labels = reader?.labels(demand === 'none' ? 'background' : demand)
    const answer = await ticker.ask({ ...(labels && { labels }), timeoutMs: askTimeoutMs, signal })
    const readings = reader?.read(answer.outputs, host.now()) ?? {}
    const states = runtimeWatch.states()
    const areListsOld = demand !== 'focus' || clock.monotonic() - modelsAskedAt > mostApartMs
    isBarAwaited = areModelsDue && areListsOld && !isBarAwaited && state()?.memoryBar !== null
    fleet.patchHost({
      id: host.id,
      link: link.answered(answer.roundTripMs, everyMs),
      readings,
      addSamples: [sampleOf(readings, clock.now())],
      ...(isBarAwaited ? {} : bar.patch(states, readings)),
    })
  }

  const pace = () => paceOf(demand, options.intervals(), clock.monotonic() - modelsAskedAt)

  async function watchTicks(signal: AbortSignal) {
    while (!signal.aborted) {
      const startedAt = clock.monotonic()
      let { everyMs, areModelsDue } = pace()
      try {
        await tick(signal, everyMs, areModelsDue)
        if (areModelsDue) askBeside(askModels, signal)
        if (demand === 'focus') askBeside(checkWatch.askDue, signal)
      } catch (error) {
        if (signal.aborted) return
        dropTicker()
        log.debug('tick failed', { host: host.id, error: String(error) })
        everyMs = Math.max(everyMs, retryEveryMs)
      }
      await sleep(clock, Math.max(20, everyMs - (clock.monotonic() - startedAt)), signal)
    }
  }

  async function askModels(signal: AbortSignal) {
    modelsAskedAt = clock.monotonic()
    await runtimeWatch.poll(signal, demand !== 'focus')
    if (!isBarAwaited || signal.aborted) return
    isBarAwaited = false
    fleet.patchHost({ id: host.id, ...bar.patch(runtimeWatch.states()) })
  }

  function releaseLater() {
    cancelRelease = clock.after(releaseAfterMs, () => {
      if (options.isHeld(host.id)) releaseLater()
      else host.release()
    })
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
      releaseLater()
      return
    }
    link.expect(pace().everyMs)
    if (demand === 'focus') runtimeWatch.lookAnew()
    watchTicks(signal).catch((error: unknown) => {
      if (!signal.aborted) log.error('watch ended', { host: host.id, error: String(error) })
    })
  }

  return {
    host,
    setDemand(next) {
      if (next === demand) return
      demand = next
      start()
    },
    setName: (name) => fleet.patchHost({ id: host.id, name }),
    runChecks: (ids) => checkWatch.run(ids, closing.signal),
    identity: identity.get,
    runtime(id) {
      const runtime = options.runtimes.find((one) => one.id === id)
      const known = runtimeWatch.states().find((one) => one.id === id)
      return runtime !== undefined && known !== undefined ? { runtime, state: known } : undefined
    },
    refreshRuntime: (id) => runtimeWatch.refresh(id, closing.signal),
    async footprintBytes(runtime) {
      const reading = await readProbe(host, probeById('processes'), { signal: closing.signal })
      return footprintOf(runtime, { processes: reading })
    },
    wake() {
      const isAsked = demand !== 'none'
      if (isAsked || options.isHeld(host.id)) host.reconnect('retry')
      if (isAsked) start()
    },
    reconnect() {
      host.reconnect()
      start()
    },
    async close() {
      closing.abort()
      epoch.abort()
      cancelRelease?.()
      identity.close()
      link.close()
      dropTicker()
      fleet.removeHost(host.id)
      await host.close()
    },
  }
}
