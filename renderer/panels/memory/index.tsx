import type { MemoryBar } from '../../../preload/contract/fleet.ts'
import type { Job } from '../../../preload/contract/jobs.ts'
import { Card } from '../../ui/card.tsx'
import { classNames } from '../../ui/class-names.ts'
import { BarMarker, type BarPart, StackedBar } from '../../ui/stacked-bar.tsx'
import type { Panel, PanelProps } from '../panel.ts'
import { useSay } from '../say.ts'
import { Holders } from './holders.tsx'
import { decimalsFor, type LegendKind, legend } from './legend.ts'

export const memory: Panel = {
  id: 'memory',
  title: 'popover.memory.title',
  order: 1,
  probes: ['memory', 'memory-pressure', 'swap', 'gpu-limit', 'processes'],
  isShown: () => true,
  Body: Memory,
}

const swatches: Record<LegendKind, string> = {
  models: 'bg-accent',
  apps: 'bg-(--apps)',
  compressed: 'bg-(--compressed)',
  free: 'bg-(--free)',
}

function Memory({ host, jobs }: PanelProps) {
  const say = useSay()
  const bar = host.memoryBar
  return (
    <Card aria-label={say('popover.memory.title')} className="pb-2">
      <div className="flex items-baseline gap-1.5">
        <span
          className={classNames(
            'whitespace-nowrap font-semibold text-hero tracking-[-0.5px]',
            bar === null && 'text-faint',
          )}
        >
          {bar === null
            ? '–'
            : say('popover.memory.gigabytes', {
                gigabytes: (bar.roomBytes / 1e9).toFixed(decimalsFor(bar.totalBytes)),
              })}
        </span>
        <span className="flex-1 whitespace-nowrap text-soft">
          {say('popover.memory.room-label')}
        </span>
        {bar?.limit && <Limit limit={bar.limit} />}
      </div>
      <div className="mt-2.5 mb-2">
        {bar === null ? (
          <div className="h-3 rounded-full bg-track" />
        ) : (
          <Bar bar={bar} jobs={jobs} hostId={host.id} />
        )}
      </div>
      {bar !== null && <Legend bar={bar} />}
      {bar?.disagreement && (
        <p className="mt-1.5 text-small text-warn-text">
          {say('popover.memory.disagreement', {
            runtimesBytes: bar.disagreement.runtimesBytes,
            processesBytes: bar.disagreement.processesBytes,
          })}
        </p>
      )}
      <Holders host={host} />
    </Card>
  )
}

function Limit({ limit }: { limit: NonNullable<MemoryBar['limit']> }) {
  const say = useSay()
  const isEstimate = limit.source === 'estimate'
  return (
    <span
      className="flex items-center gap-1.5 self-center whitespace-nowrap text-small text-soft"
      title={say(`popover.memory.limit-source.${limit.source}`)}
    >
      <span
        aria-hidden="true"
        className={classNames(
          'h-3 border-(--ink) border-l-2 opacity-55',
          isEstimate && 'border-dashed',
        )}
      />
      {say(isEstimate ? 'popover.memory.limit-estimate' : 'popover.memory.limit', {
        limitBytes: limit.bytes,
      })}
    </span>
  )
}

const classOfSegment = {
  model: 'bg-accent',
  loading: 'hatched',
  apps: 'bg-(--apps)',
  compressed: 'bg-(--compressed)',
  available: 'bg-transparent',
}

interface BarProps {
  bar: MemoryBar
  jobs: readonly Job[]
  hostId: string
}

function Bar({ bar, jobs, hostId }: BarProps) {
  const say = useSay()
  const parts: BarPart[] = bar.segments
    .filter(({ kind, bytes }) => bytes > 0 && kind !== 'available')
    .map(({ kind, label, bytes }) => ({
      key: kind === 'loading' ? `model ${label}` : `${kind} ${label}`,
      amount: bytes,
      className: classOfSegment[kind],
      title: say(`popover.memory.segment.${kind}`, { name: label ?? '', usedBytes: bytes }),
    }))
  const stillBytes = stillToCome(bar, jobs, hostId)
  if (stillBytes > 0)
    parts.push({
      key: 'still to come',
      amount: stillBytes,
      className: 'bg-accent-wash',
      title: say('popover.memory.segment.to-come', { usedBytes: stillBytes }),
    })
  return (
    <StackedBar
      label={barLabel(bar, say)}
      total={bar.totalBytes}
      parts={parts}
      marker={
        bar.limit && (
          <BarMarker
            percent={Math.min(100, (bar.limit.bytes / bar.totalBytes) * 100)}
            isEstimate={bar.limit.source === 'estimate'}
            title={say('popover.memory.limit', { limitBytes: bar.limit.bytes })}
          />
        )
      }
    />
  )
}

/** What the running loads will still take, where they know their end; drawn over what is available, and never beyond it. */
function stillToCome(bar: MemoryBar, jobs: readonly Job[], hostId: string): number {
  const availableBytes = bar.segments.find(({ kind }) => kind === 'available')?.bytes ?? 0
  const stillBytes = jobs
    .filter((job) => job.hostId === hostId && job.kind === 'load-model' && job.endedAt === null)
    .reduce((sum, { progress }) => {
      const total = progress?.totalBytes
      return total == null ? sum : sum + Math.max(0, total - (progress?.doneBytes ?? 0))
    }, 0)
  return Math.min(availableBytes, stillBytes)
}

function barLabel(bar: MemoryBar, say: ReturnType<typeof useSay>): string {
  const parts = legend(bar).map(({ kind, gigabytes }) =>
    say(`popover.memory.part.${kind}`, { amount: say('popover.memory.gigabytes', { gigabytes }) }),
  )
  return say('popover.memory.bar-label', {
    totalBytes: bar.totalBytes,
    parts: parts.join(say('popover.list-separator')),
  })
}

function Legend({ bar }: { bar: MemoryBar }) {
  const say = useSay()
  const decimals = decimalsFor(bar.totalBytes)
  const entries = legend(bar).filter(
    ({ kind, gigabytes }) => gigabytes > 0 || (kind !== 'compressed' && kind !== 'models'),
  )
  return (
    <div aria-hidden="true" className="flex flex-wrap justify-between gap-x-2 text-small text-soft">
      {entries.map(({ kind, gigabytes }, index) => (
        <span key={kind} className="flex items-center gap-[5px]">
          <i className={classNames('size-[7px] rounded-[2px]', swatches[kind])} />
          {say(`popover.memory.part.${kind}`, {
            amount:
              index === 0
                ? say('popover.memory.gigabytes', { gigabytes: gigabytes.toFixed(decimals) })
                : gigabytes.toFixed(decimals),
          })}
        </span>
      ))}
    </div>
  )
}
