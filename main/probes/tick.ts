import type { Reading } from '../../preload/contract/readings.ts'
import type { Argv, CommandOutput, Platform, Tick } from '../hosts/host.ts'
import { type ProbeId, probes } from './index.ts'
import { answersFrom, notSupported, parseProbe } from './parse.ts'
import { type GaugeDemand, gaugeDemands, type Probe } from './probe.ts'

const hourMs = 3_600_000
const all: readonly (Probe & { id: ProbeId })[] = probes
const gauges = all.filter(({ gauge }) => gauge !== undefined)

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
  /** What to ask of a Host that is looked at so closely. */
  labels(demand: GaugeDemand): readonly string[]
  /** The readings to which a fresh answer belongs. */
  read(outputs: ReadonlyMap<string, CommandOutput>, now: number): { [Id in ProbeId]?: Reading }
}

export function createTickReader(platform: Platform): TickReader {
  const list = tickList(platform)
  const byText = new Map(list.map(({ argv, label }) => [keyOf(argv), label]))
  const supported = gauges.filter((probe) => probe.questions[platform] !== undefined)
  // read with every tick: by the array itself, so that no command is spelled out again each second
  const labelOf = new Map<Argv, string>()
  const labelsOf = new Map<Probe, string[]>()
  for (const probe of supported) {
    const labels: string[] = []
    for (const argv of (probe.questions[platform] ?? []).flat()) {
      const label = byText.get(keyOf(argv))
      if (label === undefined) continue
      labelOf.set(argv, label)
      labels.push(label)
    }
    labelsOf.set(probe, labels)
  }
  const labelsFor = new Map(
    gaugeDemands.map((demand, rank) => {
      const demands: readonly (GaugeDemand | undefined)[] = gaugeDemands.slice(0, rank + 1)
      const wanted = supported.filter(({ gauge }) => demands.includes(gauge))
      return [demand, [...new Set(wanted.flatMap((probe) => labelsOf.get(probe) ?? []))]]
    }),
  )
  const latest = new Map<string, CommandOutput>()
  let isFirst = true

  return {
    labels: (demand) => labelsFor.get(demand) ?? [],
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
        from.get(labelOf.get(argv) ?? '')
      for (const probe of supported) {
        if (!labelsOf.get(probe)?.some((label) => outputs.has(label))) continue
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
