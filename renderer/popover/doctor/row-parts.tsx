import { ChevronRight } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import type { DoctorStep } from '../../../preload/contract/doctor.ts'
import type { DoctorStepId } from '../../../preload/contract/doctor-steps.ts'
import { formatLatency, type Language } from '../../../preload/words/units.ts'
import { i18n } from '../../i18n.ts'
import { classNames } from '../../ui/class-names.ts'

export const rowClass =
  'flex min-h-8 w-full items-center gap-2 py-1 pr-2 pl-3 text-left transition-colors'

interface FoldingRowProps {
  face: ReactNode
  isOpenAtFirst?: boolean
  isQuiet?: boolean
  /** What unfolds under it; gets the id by which the line refers to it. */
  children: (bodyId: string) => ReactNode
}

/** A line of the doctor's list that unfolds. */
export function FoldingRow({
  face,
  isOpenAtFirst = false,
  isQuiet = false,
  children,
}: FoldingRowProps) {
  const [isOpen, setOpen] = useState(isOpenAtFirst)
  const bodyId = useId()
  return (
    <li className="not-first:hairline-t">
      <button
        type="button"
        aria-expanded={isOpen}
        {...(isOpen && { 'aria-controls': bodyId })}
        onClick={() => setOpen(!isOpen)}
        className={classNames(rowClass, isQuiet && 'text-soft', '-outline-offset-2 hover:bg-press')}
      >
        {face}
        <ChevronRight
          aria-hidden="true"
          className={classNames(
            'size-3 flex-none text-faint transition-transform',
            isOpen && 'rotate-90',
          )}
        />
      </button>
      {isOpen && children(bodyId)}
    </li>
  )
}

/** Those whose time says something of the way; the others take what their own machine takes. */
const timedIds: readonly DoctorStepId[] = ['tailnet-ping', 'tcp', 'authentication']

/** How long a step took. Below a millisecond it says nothing. */
export function Duration({ step }: { step: DoctorStep | null }) {
  const { id, durationMs = null } = step ?? {}
  if (id === undefined || !timedIds.includes(id)) return null
  if (durationMs === null || durationMs < 1) return null
  return (
    <span className="flex-none text-right text-small text-soft tabular-nums">
      {formatLatency(durationMs, i18n.language as Language)}
    </span>
  )
}
