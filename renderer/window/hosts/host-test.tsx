import { Check, CircleDashed, CircleHelp, LoaderCircle, Minus, X } from 'lucide-react'
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
import { Dialog } from '../../ui/dialog.tsx'
import { Note } from '../../ui/note.tsx'
import type { hostOf } from './host-form.ts'

interface HostTestProps {
  host: ReturnType<typeof hostOf>
  onClose: () => void
}

/** All hops from the start, so that nothing moves while they pass. */
const hops: readonly HostStep['id'][] = ['name', 'tcp', 'ssh', 'host-key', 'login', 'first-answer']

/** Connects once and shows each hop as it passes. Closing it ends the test. */
export function HostTest({ host, onClose }: HostTestProps) {
  const say = useSay()
  const { testId, progress, failure } = useHostTest(host)
  const isDone = failure !== null || (progress?.isDone ?? false)
  const failed = progress?.steps.find((step) => step.state === 'failed')
  const hasPassed =
    isDone && failed === undefined && progress?.steps.some(({ state }) => state === 'passed')
  const isAsking = !isDone && progress?.question != null
  const hasAnswered = failed !== undefined && hops.indexOf(failed.id) > hops.indexOf('ssh')
  const failedKey = hasAnswered ? 'refused' : 'failed'
  const headlineKey = !isDone ? 'title' : hasPassed ? 'passed' : failedKey
  const headline = say(`window.hosts.test.${headlineKey}`, { name: host.name })
  return (
    <Dialog
      isOpen
      title={<span aria-live="polite">{headline}</span>}
      onClose={onClose}
      actions={
        // A question has buttons of its own, and refusing it ends the test too.
        isAsking ? null : (
          // The key makes it another button at the end, so that it takes the focus and Enter closes.
          <Button
            key={String(isDone)}
            autoFocus={isDone}
            onClick={onClose}
            kind={hasPassed ? 'filled' : 'plain'}
          >
            {say(isDone ? 'window.close' : 'window.cancel')}
          </Button>
        )
      }
    >
      <ol className="flex flex-col gap-1.5">
        {hops.map((id) => (
          <Hop key={id} id={id} step={progress?.steps.find((step) => step.id === id)} />
        ))}
      </ol>
      {progress?.question != null && (
        <Question id={testId} name={host.name} question={progress.question} />
      )}
      {failed?.error != null && <Failure error={failed.error} />}
      {failure !== null && <Failure error={failure} />}
    </Dialog>
  )
}

/** A test that runs as long as the component is there. */
function useHostTest(host: HostTestProps['host']) {
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

  return { testId, progress, failure }
}

function Failure({ error: { message, detail, remedy } }: { error: ErrorInfo }) {
  const say = useSay()
  return (
    <Note tone="bad" isAlert title={say(message)}>
      {remedy !== undefined && <p>{say(remedy.text)}</p>}
      {remedy?.kind === 'run-command' && (
        <code className="selectable block break-words font-mono text-small">{remedy.target}</code>
      )}
      {detail !== undefined && (
        <p className="selectable mt-1 break-words font-mono text-small">{detail}</p>
      )}
    </Note>
  )
}

const icons = {
  waiting: <CircleDashed size={14} className="text-faint" aria-hidden="true" />,
  running: <LoaderCircle size={14} className="animate-spin text-soft" aria-hidden="true" />,
  asking: <CircleHelp size={14} className="text-warn" aria-hidden="true" />,
  passed: <Check size={14} strokeWidth={2.4} className="text-good" aria-hidden="true" />,
  failed: <X size={14} strokeWidth={2.4} className="text-bad" aria-hidden="true" />,
  skipped: <Minus size={14} className="text-faint" aria-hidden="true" />,
}

function Hop({ id, step }: { id: HostStep['id']; step: HostStep | undefined }) {
  const say = useSay()
  const { state = 'waiting', durationMs = null, detail = null } = step ?? {}
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
