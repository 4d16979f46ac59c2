import { type ReactNode, useId, useState } from 'react'
import type { HostState } from '../../../preload/contract/fleet.ts'
import { Button } from '../../ui/button.tsx'
import { Row } from '../../ui/card.tsx'
import { Progress } from '../../ui/progress.tsx'
import { type Attempt, useActions, useAttempt } from '../actions.ts'
import { useNow } from '../clock.ts'
import { FailureText } from '../failure-text.tsx'
import { isAnswering } from '../panel.ts'
import { useSay } from '../say.ts'
import { isActive, type ModelRow } from './model-rows.ts'
import { modelWords, shortName } from './model-words.ts'

interface ModelLineProps {
  row: ModelRow
  host: HostState
}

const tones = { good: 'text-good-text', warn: 'text-warn-text', plain: '' }

/** A model, its state in words, and the one thing that can be done with it now. */
export function ModelLine({ row, host }: ModelLineProps) {
  const say = useSay()
  const now = useNow()
  const nameId = useId()
  const attempt = useAttempt()
  const [isAsking, setAsking] = useState(false)
  const isRuntimeNamed = host.runtimes.filter(({ models }) => models.length > 0).length > 1
  const failure = attempt.failure ?? (row.job?.state === 'failed' ? row.job.error : null)
  const { lead, rest } = modelWords(row, host.memoryBar, now, say, {
    isRuntimeNamed,
    hasFailed: failure !== null,
  })
  const progress = isActive(row.job) ? (row.job?.progress ?? null) : null
  return (
    <Row
      className="relative"
      title={
        <span id={nameId} title={row.name}>
          {row.shownName}
        </span>
      }
      detail={
        <>
          {lead !== null && <span className={tones[lead.tone]}>{lead.text}</span>}
          {lead !== null && rest !== '' && say('popover.list-separator')}
          {rest}
        </>
      }
      actions={
        <ModelButton
          row={row}
          host={host}
          nameId={nameId}
          attempt={attempt}
          isAsking={isAsking}
          onAsk={setAsking}
        />
      }
    >
      {progress !== null && progress.totalBytes !== null && (
        <div className="absolute inset-x-3 bottom-[2px]">
          <Progress
            label={say('popover.models.progress', { model: row.name })}
            done={progress.doneBytes}
            total={progress.totalBytes}
          />
        </div>
      )}
      {isAsking && row.loaded === null && !isActive(row.job) && (
        <TooBig row={row} host={host} attempt={attempt} onDone={() => setAsking(false)} />
      )}
      {failure !== null && <FailureText failure={failure} className="mt-1" />}
    </Row>
  )
}

interface ModelButtonProps extends ModelLineProps {
  nameId: string
  attempt: Attempt
  isAsking: boolean
  onAsk: (isAsking: boolean) => void
}

function ModelButton({ row, host, nameId, attempt, isAsking, onAsk }: ModelButtonProps) {
  const actions = useActions()
  const { runtime, modelId, job } = row
  if (row.isRemote || host.role === 'guest') return null
  const isDisabled = !isAnswering(host) || attempt.isPending
  const button = (label: string, onClick: () => void, kind: 'plain' | 'tinted' = 'plain') => (
    <NamedButton {...{ label, nameId, onClick, kind, isDisabled }} />
  )
  if (job !== null && isActive(job)) {
    if (job.kind !== 'load-model') return <NamedButton label="unload" isDisabled {...{ nameId }} />
    return (
      <NamedButton
        label="cancel"
        nameId={nameId}
        isDisabled={isDisabled || job.state === 'cancelling'}
        onClick={() => attempt.run(() => actions.cancel(host.id, job.id))}
      />
    )
  }
  if (row.loaded !== null) {
    if (!runtime.actions.includes('unload')) return null
    return button('unload', () => attempt.run(() => actions.unload(host.id, runtime.id, modelId)))
  }
  if (!runtime.actions.includes('load')) return null
  if (row.forecast.kind === 'too-big')
    return (
      <NamedButton
        label="load-ask"
        nameId={nameId}
        isDisabled={isDisabled}
        isExpanded={isAsking}
        onClick={() => onAsk(!isAsking)}
      />
    )
  return button(
    'load',
    () => attempt.run(() => actions.load(host.id, runtime.id, modelId)),
    'tinted',
  )
}

interface NamedButtonProps {
  /** Key under `popover.models.action`. */
  label: string
  nameId: string
  kind?: 'plain' | 'tinted'
  isDisabled: boolean
  isExpanded?: boolean
  onClick?: () => void
}

/** "Load" on screen, "Load qwen3" to a screen reader. */
function NamedButton({ label, nameId, kind = 'plain', ...props }: NamedButtonProps) {
  const say = useSay()
  const id = useId()
  return (
    <Button
      id={id}
      kind={kind}
      size="small"
      className="min-w-[62px]"
      disabled={props.isDisabled}
      {...(props.isExpanded !== undefined && { 'aria-expanded': props.isExpanded })}
      aria-labelledby={`${id} ${nameId}`}
      onClick={props.onClick}
    >
      {say(`popover.models.action.${label}`)}
    </Button>
  )
}

interface TooBigProps extends ModelLineProps {
  attempt: Attempt
  onDone: () => void
}

/** The question before a load that memory has no room for. */
function TooBig({ row, host, attempt, onDone }: TooBigProps): ReactNode {
  const say = useSay()
  const actions = useActions()
  if (row.forecast.kind !== 'too-big') return null
  const { missingBytes, unloadFirst } = row.forecast
  const holder = host.runtimes
    .flatMap((runtime) => runtime.loaded.map(({ modelId }) => ({ runtime, modelId })))
    .find(({ modelId }) => modelId === unloadFirst)
  return (
    <div className="mt-1.5 grid grid-cols-1 gap-2 rounded-button bg-warn-wash px-2.5 py-2">
      <p className="text-small">{say('popover.models.too-big', { missingBytes })}</p>
      <div className="flex flex-wrap gap-1.5">
        {holder?.runtime.actions.includes('unload') && (
          <Button
            size="small"
            kind="card"
            onClick={() => {
              onDone()
              attempt.run(() => actions.unload(host.id, holder.runtime.id, holder.modelId))
            }}
          >
            <span className="max-w-[210px] truncate">
              {say('popover.models.unload-name', { model: shortName(holder.modelId) })}
            </span>
          </Button>
        )}
        <Button
          size="small"
          kind="quiet"
          onClick={() => {
            onDone()
            attempt.run(() => actions.load(host.id, row.runtime.id, row.modelId))
          }}
        >
          {say('popover.models.load-anyway')}
        </Button>
      </div>
    </div>
  )
}
