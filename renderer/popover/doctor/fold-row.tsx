import { useSay } from '../../panels/say.ts'
import { Duration, FoldingRow } from './row-parts.tsx'
import { StepMark } from './step-mark.tsx'
import type { ShownRow } from './steps.ts'

/** Steps of which there is nothing to say, as one line; it unfolds to their names and what was found. */
export function FoldRow({ state, steps }: Extract<ShownRow, { kind: 'fold' }>) {
  const say = useSay()
  return (
    <FoldingRow
      isQuiet={state !== 'passed'}
      face={
        <>
          <StepMark state={state} />
          <span className="flex-1 truncate">
            {say(`doctor.view.${state}`, { count: steps.length })}
          </span>
        </>
      }
    >
      {(bodyId) => (
        <ul
          id={bodyId}
          className="selectable grid grid-cols-1 gap-1.5 break-words pr-3 pb-2.5 pl-[34px] text-button"
        >
          {steps.map((step) => (
            <li key={step.id} className="flex items-baseline gap-2">
              <div className="min-w-0 flex-1">
                <p>{say(`doctor.step.${step.id}`)}</p>
                {step.found !== null && <p className="text-small text-soft">{say(step.found)}</p>}
                {step.meaning !== null && (
                  <p className="text-small text-soft">{say(step.meaning)}</p>
                )}
              </div>
              <Duration step={step} />
            </li>
          ))}
        </ul>
      )}
    </FoldingRow>
  )
}
