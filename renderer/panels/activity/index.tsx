import { TriangleAlert } from 'lucide-react'
import type { HostState } from '../../../preload/contract/fleet.ts'
import { Card } from '../../ui/card.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Spark, type SparkPoint } from '../../ui/spark.tsx'
import { lastValue, type Panel, type PanelProps } from '../panel.ts'
import { useSay } from '../say.ts'

export const activity: Panel = {
  id: 'activity',
  isShown: () => true,
  Body: Activity,
}

interface Gauge {
  id: 'gpu' | 'cpu' | 'memory'
  label: string
  /** 0 to 1; null = not known now. */
  ratio: number | null
  points: readonly SparkPoint[]
  /** Key of what the person should know about it. */
  warning?: string
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
      label: 'popover.activity.memory',
      ratio: shareOf(memory?.usedBytes ?? null),
      points: samples.map(({ at, usedBytes }) => ({ at, ratio: shareOf(usedBytes) })),
      ...(pressure !== 'normal' && { warning: `popover.memory.pressure.${pressure}` }),
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
  const warning = gauge.warning === undefined ? undefined : say(gauge.warning)
  return (
    <Card padding="tight">
      <div className="mb-1 flex items-baseline justify-between gap-1">
        <h2
          className={classNames(
            'truncate text-small',
            warning === undefined ? 'text-soft' : 'text-warn-text',
          )}
          title={warning}
        >
          {warning !== undefined && (
            <TriangleAlert
              role="img"
              aria-label={warning}
              className="mr-[3px] inline-block size-[11px] align-[-1px]"
            />
          )}
          {label}
        </h2>
        <span className="whitespace-nowrap font-semibold">
          {gauge.ratio === null ? '–' : say('popover.activity.share', { shareRatio: gauge.ratio })}
        </span>
      </div>
      <Spark label={say('popover.activity.history', { name: label })} points={gauge.points} />
    </Card>
  )
}
