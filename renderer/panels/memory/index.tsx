import type { MemoryBar } from '../../../preload/contract/fleet.ts'
import { Card } from '../../ui/card.tsx'
import { classNames } from '../../ui/class-names.ts'
import { BarMarker, StackedBar } from '../../ui/stacked-bar.tsx'
import type { Panel, PanelProps } from '../panel.ts'
import { type Say, useSay } from '../say.ts'
import { Holders } from './holders.tsx'
import { decimalsFor, type LegendKind, legend, legendKinds } from './legend.ts'
import { bytesToCome, type MemoryPart, memoryParts } from './parts.ts'

export const memory: Panel = {
  id: 'memory',
  isShown: () => true,
  Body: Memory,
}

const swatchClass = 'size-[7px] flex-none rounded-[2px]'
const swatches: Record<LegendKind, string> = {
  models: 'bg-accent',
  apps: 'bg-(--apps)',
  compressed: 'bg-(--compressed)',
  free: 'bg-(--free)',
}

function Memory({ host, jobs }: PanelProps) {
  const say = useSay()
  const bar = host.memoryBar
  const room = bar?.roomBytes ?? null
  const toComeBytes = bar === null ? 0 : bytesToCome(bar, jobs, host.id)
  const parts = bar === null ? null : memoryParts(bar, toComeBytes)
  return (
    <Card aria-label={say('popover.memory.title')} className="pb-2">
      <div className="flex items-baseline gap-1.5">
        <span
          className={classNames(
            'whitespace-nowrap font-semibold text-hero tracking-[-0.5px]',
            room === null && 'text-faint',
          )}
        >
          {bar === null || room === null
            ? '–'
            : say('popover.memory.gigabytes', {
                gigabytes: (room / 1e9).toFixed(decimalsFor(bar.totalBytes)),
              })}
        </span>
        <span className="flex-1 whitespace-nowrap text-soft">
          {say('popover.memory.room-label')}
        </span>
        {bar?.limit && <Limit limit={bar.limit} />}
      </div>
      <div className="mt-2.5 mb-2">
        {bar === null || parts === null ? (
          <div className="h-3 rounded-full bg-track" />
        ) : (
          <Bar bar={bar} parts={parts} />
        )}
      </div>
      <Legend parts={parts} decimals={decimalsFor(bar?.totalBytes ?? 0)} />
      {room === null && bar?.roomUnknown !== undefined && (
        <p className="mt-1.5 text-small text-soft">{say(bar.roomUnknown)}</p>
      )}
      {bar?.disagreement && (
        <p className="mt-1.5 text-small text-warn-text">
          {say('popover.memory.disagreement', {
            runtimesBytes: bar.disagreement.runtimesBytes,
            processesBytes: bar.disagreement.processesBytes,
          })}
        </p>
      )}
      <div className="relative">
        <Holders host={host} />
        {toComeBytes > 0 && (
          <p className="absolute top-[2px] right-0 flex items-center gap-[5px] text-small text-soft">
            <i className={classNames(swatchClass, 'hatched')} />
            {say('popover.memory.to-come', { usedBytes: toComeBytes })}
          </p>
        )}
      </div>
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

const classOfPart: Record<MemoryPart['kind'], string> = {
  model: 'bg-accent',
  'to-come': 'hatched',
  free: 'bg-transparent',
  apps: 'bg-(--apps)',
  compressed: 'bg-(--compressed)',
}

function Bar({ bar, parts }: { bar: MemoryBar; parts: readonly MemoryPart[] }) {
  const say = useSay()
  return (
    <StackedBar
      label={barLabel(bar, parts, say)}
      total={bar.totalBytes}
      parts={parts
        .filter(({ bytes }) => bytes > 0)
        .map((part) => ({
          key: `${part.kind} ${part.label}`,
          amount: part.bytes,
          className: classOfPart[part.kind],
          title: say(`popover.memory.segment.${part.isLoading ? 'loading' : part.kind}`, {
            name: part.label ?? '',
            usedBytes: part.bytes,
          }),
        }))}
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

function barLabel(bar: MemoryBar, parts: readonly MemoryPart[], say: Say): string {
  const words = legend(parts).map(({ kind, gigabytes }) =>
    say(`popover.memory.part.${kind}`, { amount: say('popover.memory.gigabytes', { gigabytes }) }),
  )
  return say('popover.memory.bar-label', {
    totalBytes: bar.totalBytes,
    parts: words.join(say('popover.list-separator')),
  })
}

/** Said by the bar's own label. Before the first answer each amount is a dash. */
function Legend({ parts, decimals }: { parts: readonly MemoryPart[] | null; decimals: 0 | 1 }) {
  const say = useSay()
  const entries =
    parts === null
      ? legendKinds.map((kind) => ({ kind, amount: '–' }))
      : legend(parts)
          .filter(({ kind, gigabytes }) => gigabytes > 0 || kind === 'apps' || kind === 'free')
          .map(({ kind, gigabytes }, index) => {
            const number = gigabytes.toFixed(decimals)
            const isUnitSaid = index === 0
            const amount = isUnitSaid
              ? say('popover.memory.gigabytes', { gigabytes: number })
              : number
            return { kind, amount }
          })
  return (
    <div aria-hidden="true" className="flex flex-wrap justify-between gap-x-2 text-small text-soft">
      {entries.map(({ kind, amount }) => (
        <span key={kind} className="flex items-center gap-[5px]">
          <i className={classNames(swatchClass, swatches[kind])} />
          {say(`popover.memory.part.${kind}`, { amount })}
        </span>
      ))}
    </div>
  )
}
