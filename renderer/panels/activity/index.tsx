import type { HostState } from '../../../preload/contract/fleet.ts'
import { Card } from '../../ui/card.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Spark, type SparkPoint } from '../../ui/spark.tsx'
import { lastValue, type Panel, type PanelProps } from '../panel.ts'
import { useSay } from '../say.ts'

export const activity: Panel = {
  id: 'activity',
  title: 'popover.activity.title',
  order: 2,
  probes: ['gpu', 'cpu', 'memory', 'memory-pressure'],
  isShown: () => true,
  Body: Activity,
}

interface Gauge {
  id: 'gpu' | 'cpu' | 'memory'
  label: string
  /** 0 to 1; null = not known now. */
  ratio: number | null
  points: readonly SparkPoint[]
  isWarned?: boolean
}

/** The gauges that this machine has. What it lacks has no card; what it did not tell has a dash. */
export function gaugesOf(host: HostState): Gauge[] {
  const { samples } = host
  const hasNoGpu =
    host.readings.gpu?.kind === 'unknown' && host.readings.gpu.reason === 'not-supported'
  const memory = lastValue(host, 'memory')
  const totalBytes = host.memoryBar?.totalBytes ?? memory?.totalBytes ?? null
  const shareOf = (bytes: number | null) =>
    bytes === null || totalBytes === null ? null : bytes / totalBytes
  const pressure = lastValue(host, 'memory-pressure')?.level ?? 'normal'
  const gauges: Gauge[] = [
    {
      id: 'gpu',
      label: 'popover.activity.gpu',
      ratio: lastValue(host, 'gpu')?.deviceUtilisationRatio ?? null,
      points: samples.map(({ at, gpuRatio }) => ({ at, ratio: gpuRatio })),
    },
    {
      id: 'cpu',
      label: 'popover.activity.cpu',
      ratio: lastValue(host, 'cpu')?.loadRatio ?? null,
      points: samples.map(({ at, cpuRatio }) => ({ at, ratio: cpuRatio })),
    },
    {
      id: 'memory',
      label: `popover.activity.memory.${pressure}`,
      ratio: shareOf(memory?.usedBytes ?? null),
      points: samples.map(({ at, usedBytes }) => ({ at, ratio: shareOf(usedBytes) })),
      isWarned: pressure !== 'normal',
    },
  ]
  return gauges.filter(({ id }) => id !== 'gpu' || !hasNoGpu)
}

function Activity({ host }: PanelProps) {
  const say = useSay()
  const gauges = gaugesOf(host)
  return (
    <section
      aria-label={say('popover.activity.title')}
      className={classNames('grid gap-2', gauges.length === 3 ? 'grid-cols-3' : 'grid-cols-2')}
    >
      {gauges.map((gauge) => (
        <GaugeCard key={gauge.id} gauge={gauge} />
      ))}
    </section>
  )
}

function GaugeCard({ gauge }: { gauge: Gauge }) {
  const say = useSay()
  const label = say(gauge.label)
  return (
    <Card className="px-2.5 py-2">
      <div className="mb-1 flex items-baseline justify-between gap-1">
        <h2
          className={classNames(
            'truncate text-small',
            gauge.isWarned === true ? 'font-medium text-warn-text' : 'text-soft',
          )}
        >
          {label}
        </h2>
        <span className="whitespace-nowrap font-semibold">
          {gauge.isWarned === true
            ? ''
            : gauge.ratio === null
              ? '–'
              : say('popover.activity.share', { shareRatio: gauge.ratio })}
        </span>
      </div>
      <Spark label={say('popover.activity.history', { name: label })} points={gauge.points} />
    </Card>
  )
}
