import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

export interface BarPart {
  /** The same part keeps its key, so that it glides to its new place. */
  key: string
  amount: number
  /** A background class: `bg-accent`, `hatched`. */
  className: string
  title?: string
}

/** A part's place on the bar, in percent. */
export interface BarSpan {
  leftPercent: number
  widthPercent: number
}

/**
 * Where parts of these amounts stand on a bar of `total`: each begins exactly where the one before it ends.
 * `spans([1, 3], 4)` → `[{ leftPercent: 0, widthPercent: 25 }, { leftPercent: 25, widthPercent: 75 }]`
 */
export function spans(amounts: readonly number[], total: number): BarSpan[] {
  let sum = 0
  return amounts.map((amount) => {
    const leftPercent = total > 0 ? (sum / total) * 100 : 0
    sum += amount
    const rightPercent = total > 0 ? (sum / total) * 100 : 0
    return { leftPercent, widthPercent: rightPercent - leftPercent }
  })
}

interface StackedBarProps {
  label: string
  total: number
  parts: readonly BarPart[]
  /** A line across the bar, for example a limit. */
  marker?: ReactNode
}

/** One bar of parts that sum to the total. What the last part leaves is the track. */
export function StackedBar({ label, total, parts, marker }: StackedBarProps) {
  const places = spans(
    parts.map((part) => part.amount),
    total,
  )
  return (
    <div role="img" aria-label={label} className="relative h-3">
      <div className="absolute inset-0 overflow-hidden rounded-full bg-track">
        {parts.map((part, index) => (
          <span
            key={part.key}
            title={part.title}
            className={classNames(
              'absolute inset-y-0 border-card border-r-[1.5px] last:border-r-0 bg-clip-padding transition-[left,width] duration-200 ease-glide',
              part.className,
            )}
            style={{
              left: `${places[index]?.leftPercent ?? 0}%`,
              width: `${places[index]?.widthPercent ?? 0}%`,
            }}
          />
        ))}
      </div>
      {marker}
    </div>
  )
}

interface BarMarkerProps {
  /** 0 to 100. */
  percent: number
  /** Drawn dashed: the place is not measured. */
  isEstimate: boolean
  title: string
}

export function BarMarker({ percent, isEstimate, title }: BarMarkerProps) {
  return (
    <span
      title={title}
      className="absolute -inset-y-[4px] -ml-[3px] grid w-[7px] place-items-center transition-[left] duration-200 ease-glide"
      style={{ left: `${percent}%` }}
    >
      <span
        className={classNames(
          'h-full w-0 border-(--ink) border-l-2 opacity-55',
          isEstimate && 'border-dashed',
        )}
      />
    </span>
  )
}
