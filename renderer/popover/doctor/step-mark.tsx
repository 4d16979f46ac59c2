import {
  Check,
  CircleDashed,
  CircleHelp,
  CircleX,
  LoaderCircle,
  type LucideIcon,
  Minus,
  TriangleAlert,
} from 'lucide-react'
import { useSay } from '../../panels/say.ts'
import type { ShownState } from './steps.ts'

const marks: Record<ShownState, readonly [LucideIcon, string]> = {
  waiting: [CircleDashed, 'text-faint'],
  running: [LoaderCircle, 'animate-spin text-soft'],
  passed: [Check, 'text-good'],
  attention: [TriangleAlert, 'text-warn'],
  failed: [CircleX, 'text-bad'],
  skipped: [Minus, 'text-faint'],
  off: [Minus, 'text-faint'],
  unknown: [CircleHelp, 'text-soft'],
}

/** How a step went: a shape of its own for each, with its word for a screen reader. */
export function StepMark({ state }: { state: ShownState }) {
  const say = useSay()
  const [Icon, tone] = marks[state]
  return (
    <Icon
      role="img"
      aria-label={say(`doctor.view.state.${state}`)}
      strokeWidth={state === 'passed' ? 2.6 : 2.2}
      className={`size-[14px] flex-none ${tone}`}
    />
  )
}
