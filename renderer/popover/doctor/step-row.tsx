import type { ReactNode } from 'react'
import type { Remedy } from '../../../preload/contract/base.ts'
import type { DoctorStep } from '../../../preload/contract/doctor.ts'
import type { DoctorStepId } from '../../../preload/contract/doctor-steps.ts'
import { useSay } from '../../panels/say.ts'
import { classNames } from '../../ui/class-names.ts'
import { Duration, FoldingRow, rowClass } from './row-parts.tsx'
import { StepMark } from './step-mark.tsx'
import { StepRemedy, type Visited } from './step-remedy.tsx'
import type { ShownState } from './steps.ts'

interface StepRowProps {
  id: DoctorStepId
  state: ShownState
  step: DoctorStep | null
  visited: Visited
  /** It is what the heading speaks of: unfolded from the start, without saying once more what was found. */
  isBroken: boolean
}

/** One step: its mark, its name, what was found and how long it took; what it means and what helps unfold under it. */
export function StepRow({ id, state, step, visited, isBroken }: StepRowProps) {
  const say = useSay()
  const isSaid = step?.found != null && !isBroken && state !== 'passed' && state !== 'running'
  const face = (
    <>
      <StepMark state={state} />
      <span className="min-w-0 flex-1">
        <span className={classNames('block', nameClass[state])}>{say(`doctor.step.${id}`)}</span>
        {isSaid && step.found !== null && (
          <span className="block break-words text-small text-soft">{say(step.found)}</span>
        )}
      </span>
      <Duration step={step} />
    </>
  )
  if (step === null || state === 'running' || !hasMore(step, isSaid || isBroken)) {
    return (
      <li className="not-first:hairline-t">
        <div className={rowClass}>
          {face}
          <span className="w-3 flex-none" />
        </div>
      </li>
    )
  }
  return (
    <FoldingRow face={face} isOpenAtFirst={isBroken}>
      {(bodyId) => (
        <StepBody
          id={bodyId}
          step={step}
          visited={visited}
          isFoundSaid={isSaid || isBroken}
          isBroken={isBroken}
        />
      )}
    </FoldingRow>
  )
}

/** What asks for attention is heavier than what is simply good. */
const nameClass: Record<ShownState, string> = {
  ...{ waiting: 'text-soft', skipped: 'text-soft', off: 'text-soft', unknown: '', passed: '' },
  ...{ running: 'font-medium', attention: 'font-medium', failed: 'font-semibold' },
}

/** Whether anything is left to unfold once it is said what was found. */
function hasMore(step: DoctorStep, isFoundSaid: boolean): boolean {
  const { found, meaning, causes, remedies, detail } = step
  const isMeant = meaning !== null || detail !== null
  return isMeant || causes.length + remedies.length > 0 || (found !== null && !isFoundSaid)
}

interface StepBodyProps {
  id: string
  step: DoctorStep
  visited: Visited
  isFoundSaid: boolean
  isBroken: boolean
}

function StepBody({ id, step, visited, isFoundSaid, isBroken }: StepBodyProps) {
  const say = useSay()
  const { found, meaning, causes, remedies, detail } = step
  const first = isBroken ? remedies.find(hasButton) : undefined
  return (
    <div
      id={id}
      className="selectable grid grid-cols-1 gap-2 break-words pr-3 pb-3 pl-[34px] text-button leading-[17px]"
    >
      <div className="grid grid-cols-1 gap-1 empty:hidden">
        {found !== null && !isFoundSaid && <p>{say(found)}</p>}
        {meaning !== null && <p className="text-soft">{say(meaning)}</p>}
      </div>
      {causes.length > 0 && (
        <Part title={say(causes.length === 1 ? 'doctor.view.cause' : 'doctor.view.causes')}>
          <ul className="grid list-disc grid-cols-1 gap-0.5 pl-4 marker:text-faint">
            {causes.map((cause) => (
              <li key={say(cause)}>{say(cause)}</li>
            ))}
          </ul>
        </Part>
      )}
      {remedies.length > 0 && (
        <Part title={say('doctor.view.remedies')}>
          <ul className="grid grid-cols-1 gap-2">
            {withoutTwins(remedies).map((remedy) => (
              <li key={say(remedy.text)}>
                <StepRemedy
                  remedy={remedy}
                  visited={visited}
                  kind={first?.text === remedy.text ? 'filled' : 'plain'}
                />
              </li>
            ))}
          </ul>
        </Part>
      )}
      {detail !== null && (
        <p className="whitespace-pre-wrap break-words font-mono text-[10px] text-soft leading-[14px]">
          {detail}
        </p>
      )}
    </div>
  )
}

/** Of several remedies that one button does, it stands at the first. */
function withoutTwins(remedies: readonly Remedy[]): Remedy[] {
  return remedies.map((remedy, index) => {
    const { action, ...byHand } = remedy
    const isTwin = remedies.slice(0, index).some((one) => one.action === action)
    return action !== undefined && isTwin ? byHand : remedy
  })
}

/** Whether something can be pressed that helps, beside what copies a command. */
export function hasButton({ action, kind, target }: Remedy): boolean {
  return action !== undefined || (target !== undefined && kind !== 'run-command')
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-1 gap-1">
      <h3 className="font-semibold text-small">{title}</h3>
      {children}
    </div>
  )
}
