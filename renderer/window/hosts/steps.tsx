import { Check, CircleDashed, CircleHelp, LoaderCircle, Minus, X } from 'lucide-react'
import type { Message } from '../../../preload/contract/base.ts'
import { formatDuration, type Language } from '../../../preload/words/units.ts'
import { i18n } from '../../i18n.ts'
import { useSay } from '../../panels/say.ts'

export interface Step {
  id: string
  state: 'running' | 'asking' | 'passed' | 'failed' | 'skipped'
  durationMs?: number | null
  detail: string | null
  task?: Message | undefined
}

const icons = {
  waiting: <CircleDashed size={14} className="text-faint" aria-hidden="true" />,
  running: <LoaderCircle size={14} className="animate-spin text-soft" aria-hidden="true" />,
  asking: <CircleHelp size={14} className="text-warn" aria-hidden="true" />,
  passed: <Check size={14} strokeWidth={2.4} className="text-good" aria-hidden="true" />,
  failed: <X size={14} strokeWidth={2.4} className="text-bad" aria-hidden="true" />,
  skipped: <Minus size={14} className="text-faint" aria-hidden="true" />,
}

/** All steps from the start, so that nothing moves while they pass. */
export function Steps({ ids, steps }: { ids: readonly string[]; steps: readonly Step[] }) {
  return (
    <ol className="flex flex-col gap-1.5">
      {ids.map((id) => (
        <StepLine key={id} id={id} step={steps.find((step) => step.id === id)} />
      ))}
    </ol>
  )
}

function StepLine({ id, step }: { id: string; step: Step | undefined }) {
  const say = useSay()
  const { state = 'waiting', durationMs = null, task } = step ?? {}
  const detail = task === undefined ? (step?.detail ?? null) : say(task)
  const isQuiet = state === 'waiting' || state === 'skipped'
  return (
    <li className="flex items-center gap-2">
      <span className="flex-none">{icons[state]}</span>
      <span className={isQuiet ? 'flex-none text-soft' : 'flex-none'}>
        {say(`window.hosts.step.${id}`)}
      </span>
      <span className="sr-only">{say(`window.hosts.step-state.${state}`)}</span>
      <span
        className="selectable min-w-0 flex-1 truncate text-small text-soft"
        title={detail ?? undefined}
      >
        {detail}
      </span>
      <span className="flex-none text-small text-soft">
        {/* Below a millisecond it says nothing. */}
        {durationMs !== null &&
          durationMs >= 1 &&
          formatDuration(durationMs, i18n.language as Language)}
      </span>
    </li>
  )
}
