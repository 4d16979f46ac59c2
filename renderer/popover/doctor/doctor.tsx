import { ChevronLeft } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Message } from '../../../preload/contract/base.ts'
import type { DoctorProgress, DoctorStep } from '../../../preload/contract/doctor.ts'
import type { HostState } from '../../../preload/contract/fleet.ts'
import type { Job } from '../../../preload/contract/jobs.ts'
import { doctorText } from '../../../preload/words/doctor-text.ts'
import { hostName } from '../../../preload/words/host-name.ts'
import { useActions, useAttempt } from '../../panels/actions.ts'
import { useEscape } from '../../panels/escape.ts'
import { useHoldOpen } from '../../panels/hold-open.ts'
import { useSay } from '../../panels/say.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { List } from '../../ui/card.tsx'
import { Note } from '../../ui/note.tsx'
import { FoldRow } from './fold-row.tsx'
import { hasButton, StepRow } from './step-row.tsx'
import { type Outcome, outcomeOf, rowsOf } from './steps.ts'
import { useDoctorRun } from './use-doctor-run.ts'

interface DoctorProps {
  host: HostState
  /** What made somebody ask, if it was a failure. */
  cause: Message | null
  /** This machine. */
  here: HostState | undefined
  jobs: readonly Job[]
  onClose: () => void
}

/** "Why can't I connect?": tries each hop to a Host, in place of its panels, and says which one broke. */
export function Doctor({ host, cause, here, jobs, onClose }: DoctorProps) {
  const say = useSay()
  const { progress, failure, isRunning, again, cancel } = useDoctorRun(host.id)
  const heading = useRef<HTMLHeadingElement>(null)
  useEscape(onClose)
  useHoldOpen()
  useEffect(() => heading.current?.focus(), [])
  const name = hostName(host, say)
  const visited = {
    ...{ hostId: host.id, hostName: name, jobs, again, leave: onClose },
    here: say(`doctor.view.here.${here?.platform ?? 'darwin'}`),
  }
  const broken = isRunning ? null : brokenStepOf(progress)
  return (
    <section aria-labelledby="doctor-heading" className="grid grid-cols-1 gap-2">
      <div className="flex items-start gap-1">
        <IconButton
          label={say('doctor.view.back')}
          icon={<ChevronLeft aria-hidden="true" className="size-4" />}
          className="-ml-0.5"
          onClick={onClose}
        />
        <div className="min-w-0 flex-1 pt-[5px]">
          <h2
            id="doctor-heading"
            ref={heading}
            tabIndex={-1}
            className="font-semibold outline-none"
          >
            {say('doctor.view.title', { name })}
          </h2>
          <Verdict broken={broken} outcome={outcomeOf(progress, isRunning)} />
        </div>
      </div>
      {cause !== null && broken === null && (
        <p className="px-1 text-button text-soft">{say(cause)}</p>
      )}
      {failure !== null && (
        <Note tone="bad" isAlert title={say(failure.message)}>
          {failure.detail !== undefined && (
            <p className="selectable break-words font-mono text-[10px] leading-[14px]">
              {failure.detail}
            </p>
          )}
        </Note>
      )}
      <List className="relative">
        {rowsOf(progress, isRunning).map((row) =>
          row.kind === 'fold' ? (
            <FoldRow key={`${row.state} ${row.steps[0]?.id}`} {...row} />
          ) : (
            // The key makes it another row when it turns out to be the broken one, which is unfolded.
            <StepRow
              key={`${row.id} ${row.id === broken?.id}`}
              {...row}
              visited={visited}
              isBroken={row.id === broken?.id}
            />
          ),
        )}
      </List>
      <Buttons
        {...{ isRunning, again, cancel }}
        isFirst={broken === null || !broken.remedies.some(hasButton)}
        text={progress === null ? null : () => doctorText(progress, say)}
      />
    </section>
  )
}

function brokenStepOf(progress: DoctorProgress | null): DoctorStep | null {
  return progress?.steps.find(({ id }) => id === progress.brokenStepId) ?? null
}

/** What the whole of it says: of a break what was found there, and where that is. */
function Verdict({ broken, outcome }: { broken: DoctorStep | null; outcome: Outcome }) {
  const say = useSay()
  const step = broken === null ? '' : say(`doctor.step.${broken.id}`)
  const words = say(`doctor.view.outcome.${outcome}`, { step })
  return (
    <div role="status">
      {broken?.found != null && <p className="selectable break-words">{say(broken.found)}</p>}
      <p className={broken !== null || outcome === 'running' ? 'text-small text-soft' : ''}>
        {words}
      </p>
    </div>
  )
}

interface ButtonsProps {
  isRunning: boolean
  again: () => void
  cancel: () => void
  /** Nothing else is to be pressed first. */
  isFirst: boolean
  /** The findings as text; null while there are none. */
  text: (() => string) | null
}

const copiedForMs = 2_000

function Buttons({ isRunning, again, cancel, isFirst, text }: ButtonsProps) {
  const say = useSay()
  const actions = useActions()
  const attempt = useAttempt()
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), copiedForMs)
    return () => clearTimeout(timer)
  }, [isCopied])
  const copy = () =>
    attempt.run(async () => {
      if (text === null) return
      await actions.copy(text())
      setCopied(true)
    })
  return (
    <div className="flex items-center justify-end gap-1.5">
      <p role="status" className="min-w-0 flex-1 truncate px-1 text-small text-soft">
        {isCopied && say('doctor.view.copied')}
        {attempt.failure !== null && say(attempt.failure.message)}
      </p>
      {!isRunning && text !== null && (
        <Button kind="card" onClick={copy}>
          {say('doctor.view.copy')}
        </Button>
      )}
      {/* One button with two faces, so that the focus stays when it changes. */}
      <Button kind={isRunning || !isFirst ? 'card' : 'filled'} onClick={isRunning ? cancel : again}>
        {say(isRunning ? 'doctor.view.cancel' : 'doctor.view.again')}
      </Button>
    </div>
  )
}
