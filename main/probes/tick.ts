import type { Reading } from '../../preload/contract/readings.ts'
import type { Argv, CommandOutput, Platform, Tick } from '../hosts/host.ts'
import { type ProbeId, probes } from './index.ts'
import { answersFrom, notSupported, parseProbe } from './parse.ts'
import type { Probe } from './probe.ts'

/** Asked with every tick or so, on every Host that somebody sees. */
const gaugeIds = [
  'memory',
  'memory-pressure',
  'swap',
  'gpu',
  'gpu-limit',
  'cpu',
  'processes',
  'disk',
] as const satisfies readonly ProbeId[]

/** Asked only of the Host on display. */
const focusIds: readonly ProbeId[] = ['processes', 'disk']

const hourMs = 3_600_000
const gauges: readonly (Probe & { id: ProbeId })[] = gaugeIds.flatMap((id) =>
  probes.filter((probe) => probe.id === id),
)

/** The gauge of a platform as data: each command once, whichever probes want it. Labels are like `memory.0`. */
export function tickList(platform: Platform): Tick[] {
  const byCommand = new Map<string, Tick>()
  for (const probe of gauges) {
    const commands = (probe.questions[platform] ?? []).flat()
    commands.forEach((argv, index) => {
      const isSettled = probe.settled?.some((one) => isSame(one, argv)) ?? false
      const everyMs = isSettled ? hourMs : probe.everyMs
      const known = byCommand.get(keyOf(argv))
      if (known !== undefined) {
        known.everyMs = Math.min(known.everyMs, everyMs)
        return
      }
      const tick: Tick = { label: `${probe.id}.${index}`, argv, everyMs }
      if (probe.slowOn?.includes(platform)) tick.isSlow = true
      byCommand.set(keyOf(argv), tick)
    })
  }
  return [...byCommand.values()]
}

/** Readings out of the answers of ticks. Remembers the newest answer of each command, so one reader serves one gauge. */
export interface TickReader {
  /** The probes that ticks answer on this platform. */
  readonly probeIds: readonly ProbeId[]
  /** What to ask: of `ids`, or of all that the Host's place on the screen needs. */
  labels(options?: { ids?: readonly ProbeId[] | undefined; isFocused?: boolean }): string[]
  /** The readings to which a fresh answer belongs. */
  read(outputs: ReadonlyMap<string, CommandOutput>, now: number): { [Id in ProbeId]?: Reading }
}

export function createTickReader(platform: Platform): TickReader {
  const list = tickList(platform)
  const labelOf = new Map(list.map(({ argv, label }) => [keyOf(argv), label]))
  const supported = gauges.filter((probe) => probe.questions[platform] !== undefined)
  const latest = new Map<string, CommandOutput>()
  let isFirst = true

  function labelsOf(probe: Probe): string[] {
    const commands = (probe.questions[platform] ?? []).flat()
    return commands.flatMap((argv) => labelOf.get(keyOf(argv)) ?? [])
  }

  return {
    probeIds: gauges.map(({ id }) => id),
    labels({ ids, isFocused = true } = {}) {
      const wanted = supported.filter(({ id }) =>
        ids === undefined ? isFocused || !focusIds.includes(id) : ids.includes(id),
      )
      return [...new Set(wanted.flatMap(labelsOf))]
    },
    read(outputs, now) {
      const readings: { [Id in ProbeId]?: Reading } = {}
      if (isFirst) {
        isFirst = false
        for (const probe of gauges) {
          if (!supported.includes(probe)) readings[probe.id] = notSupported(probe, platform, now)
        }
      }
      const previous = new Map(latest)
      for (const [label, output] of outputs) latest.set(label, output)
      const outputIn = (from: ReadonlyMap<string, CommandOutput>) => (argv: Argv) =>
        from.get(labelOf.get(keyOf(argv)) ?? '')
      for (const probe of supported) {
        if (!labelsOf(probe).some((label) => outputs.has(label))) continue
        const answers = answersFrom(probe, platform, outputIn(latest))
        if (answers === null) continue
        const before = answersFrom(probe, platform, outputIn(previous))
        if (before === null && probe.comparesOn?.includes(platform)) continue
        const context = { platform, now, ...(before && { previous: before }) }
        readings[probe.id] = parseProbe(probe, answers, context)
      }
      return readings
    },
  }
}

function keyOf(argv: Argv): string {
  return JSON.stringify(argv)
}

function isSame(one: Argv, other: Argv): boolean {
  return keyOf(one) === keyOf(other)
}
