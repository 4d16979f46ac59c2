import { Check, CircleHelp, LoaderCircle, Minus, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { ErrorInfo } from '../../../preload/contract/base.ts'
import type { HostStep, HostTestProgress } from '../../../preload/contract/hosts.ts'
import { formatDuration, type Language } from '../../../preload/words/units.ts'
import { client } from '../../client.ts'
import { i18n } from '../../i18n.ts'
import { failureOf } from '../../panels/actions.ts'
import { useSay } from '../../panels/say.ts'
import { Question } from '../../popover/question.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Note } from '../../ui/note.tsx'
import type { hostOf } from './host-form.ts'

interface HostTestProps {
  host: ReturnType<typeof hostOf>
  onClose: () => void
}

/** Connects once and shows each hop as it passes. Closing it ends the test. */
export function HostTest({ host, onClose }: HostTestProps) {
  const say = useSay()
  const [testId, setTestId] = useState('')
  const [progress, setProgress] = useState<HostTestProgress | null>(null)
  const [failure, setFailure] = useState<ErrorInfo | null>(null)
  const tested = useRef(host)

  useEffect(() => {
    const abort = new AbortController()
    const id = crypto.randomUUID()
    setTestId(id)
    async function follow() {
      const events = await client.hosts.test(
        { testId: id, host: tested.current },
        { signal: abort.signal },
      )
      for await (const event of events) {
        if (abort.signal.aborted) return
        setProgress(event)
      }
    }
    follow().catch((error: unknown) => {
      if (!abort.signal.aborted) setFailure(failureOf(error))
    })
    return () => abort.abort()
  }, [])

  const isDone = progress?.isDone ?? false
  const failed = progress?.steps.find((step) => step.state === 'failed')
  const hasPassed =
    isDone && failed === undefined && progress?.steps.some(({ state }) => state === 'passed')
  const headlineKey = !isDone ? 'title' : hasPassed ? 'passed' : 'failed'
  const headline = say(`window.hosts.test.${headlineKey}`, { name: host.name })
  return (
    <Card
      aria-label={say('window.hosts.test.title', { name: host.name })}
      className="flex flex-col gap-2.5"
    >
      <div className="flex items-center gap-2">
        <h3 className="flex-1 font-semibold">{headline}</h3>
        <p role="status" className="sr-only">
          {headline}
        </p>
        <Button size="small" onClick={onClose}>
          {say(isDone ? 'window.close' : 'window.cancel')}
        </Button>
      </div>
      <ol className="flex flex-col gap-1">
        {progress?.steps.map((step) => (
          <Step key={step.id} step={step} />
        ))}
      </ol>
      {progress?.question != null && (
        <Question id={testId} name={host.name} question={progress.question} />
      )}
      {failed?.error != null && (
        <Note tone="bad" isAlert title={say(failed.error.message)}>
          {failed.error.remedy !== undefined && say(failed.error.remedy.text)}
        </Note>
      )}
      {failure !== null && (
        <Note tone="bad" isAlert>
          {say(failure.message)}
        </Note>
      )}
    </Card>
  )
}

const icons = {
  running: <LoaderCircle size={14} className="animate-spin text-soft" aria-hidden="true" />,
  asking: <CircleHelp size={14} className="text-warn" aria-hidden="true" />,
  passed: <Check size={14} strokeWidth={2.4} className="text-good" aria-hidden="true" />,
  failed: <X size={14} strokeWidth={2.4} className="text-bad" aria-hidden="true" />,
  skipped: <Minus size={14} className="text-faint" aria-hidden="true" />,
}

function Step({ step }: { step: HostStep }) {
  const say = useSay()
  const { id, state, durationMs, detail } = step
  return (
    <li className="flex items-center gap-2">
      {icons[state]}
      <span className={state === 'skipped' ? 'text-soft' : ''}>
        {say(`window.hosts.step.${id}`)}
      </span>
      <span className="sr-only">{say(`window.hosts.step-state.${state}`)}</span>
      <span
        className="selectable min-w-0 flex-1 truncate text-small text-soft"
        title={detail ?? undefined}
      >
        {detail}
      </span>
      <span className="text-small text-soft">
        {durationMs !== null && formatDuration(durationMs, i18n.language as Language)}
      </span>
    </li>
  )
}
