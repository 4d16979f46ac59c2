import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import type { ErrorCode } from '../../../preload/contract/base.ts'
import type { HostStep, KeySetUpStep } from '../../../preload/contract/hosts.ts'
import { ActionsContext, useActions, useAttempt } from '../../panels/actions.ts'
import { useSay } from '../../panels/say.ts'
import { Question } from '../../popover/question.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Failure } from '../failure.tsx'
import { Steps } from './steps.tsx'
import { type Run, useRun } from './use-run.ts'

const hops: readonly HostStep['id'][] = ['name', 'tcp', 'ssh', 'host-key', 'login', 'first-answer']
const keySteps: readonly KeySetUpStep['id'][] = ['make-key', 'log-in', 'put-key', 'test-key']

/** Failures that a key of the person's own on the Host would end. */
const wantsKey: readonly ErrorCode[] = [
  'auth',
  'key-not-found',
  'wrong-password',
  'wrong-passphrase',
]

interface HostTestProps {
  run: Run
  onClose: () => void
  /** Keeps the key that was set up as the Host's own. */
  onKey: (keyPath: string) => Promise<void> | void
}

/** Connects once and shows each hop as it passes; from there, or at once, a key is made and put on the Host. Closing it ends either. */
export function HostTest({ run: first, onClose, onKey }: HostTestProps) {
  const say = useSay()
  const [run, setRun] = useState(first)
  const { id, progress, failure } = useRun(run)
  const keeping = useAttempt()
  const { host, kind } = run
  const isTest = kind === 'test'
  const isDone = failure !== null || (progress?.isDone ?? false)
  const failed = progress?.steps.find((step) => step.state === 'failed')
  const error = failure ?? failed?.error ?? keeping.failure
  const hasPassed =
    isDone &&
    error === null &&
    failed === undefined &&
    progress?.steps.some(({ state }) => state === 'passed')
  const isAsking = !isDone && progress?.question != null
  const keyPath = hasPassed && !isTest ? (progress?.keyPath ?? null) : null
  const isKeyOffered = isTest && isDone && error !== null && wantsKey.includes(error.code)

  // The dialog takes the focus one frame after what had it has gone; whatever comes next takes it back.
  const next = useRef<HTMLButtonElement>(null)
  const asked = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run has another button
  useEffect(() => {
    if (!isDone && !isAsking) return
    const frame = requestAnimationFrame(() => {
      const comesNext = next.current ?? asked.current?.querySelector('input')
      comesNext?.focus()
    })
    return () => cancelAnimationFrame(frame)
  }, [isDone, isAsking, run])

  function headline() {
    if (!isDone) return 'title'
    if (hasPassed) return 'passed'
    const hasAnswered =
      failed !== undefined && ['host-key', 'login', 'first-answer'].includes(failed.id)
    return isTest && hasAnswered ? 'refused' : 'failed'
  }

  function actions() {
    // A question has buttons of its own, and refusing it ends the run too.
    if (isAsking) return null
    const hasOther = isKeyOffered || keyPath !== null || (!isTest && error !== null)
    return (
      <>
        {/* The key makes it another button at the end, so that it takes the focus and Enter closes. */}
        <Button
          key={`${kind} ${isDone}`}
          ref={hasOther ? null : next}
          autoFocus={isDone && !hasOther}
          onClick={onClose}
          kind={hasPassed && !hasOther ? 'filled' : 'plain'}
        >
          {say(isDone ? 'window.close' : 'window.cancel')}
        </Button>
        {isKeyOffered && (
          <Button
            ref={next}
            kind="filled"
            autoFocus
            onClick={() => setRun({ kind: 'key-set-up', host })}
          >
            {say('window.hosts.key-set-up.offer-button')}
          </Button>
        )}
        {!isTest && isDone && error !== null && (
          <Button
            ref={next}
            kind="filled"
            autoFocus
            onClick={() => setRun({ kind: 'key-set-up', host })}
          >
            {say('window.hosts.key-set-up.again')}
          </Button>
        )}
        {keyPath !== null && (
          <Button
            ref={next}
            kind="filled"
            autoFocus
            disabled={keeping.isPending}
            onClick={() =>
              keeping.run(async () => {
                await onKey(keyPath)
                setRun({ kind: 'test', host: { ...host, keyPath } })
              })
            }
          >
            {say('window.hosts.key-set-up.use')}
          </Button>
        )}
      </>
    )
  }

  return (
    <Dialog
      isOpen
      title={
        <span aria-live="polite">
          {say(`window.hosts.${kind}.${headline()}`, { name: host.name })}
        </span>
      }
      {...(!isTest &&
        !isDone && { description: say('window.hosts.key-set-up.text', { name: host.name }) })}
      onClose={onClose}
      actions={actions()}
    >
      <Steps ids={isTest ? hops : keySteps} steps={progress?.steps ?? []} />
      {isAsking && progress?.question != null && (
        <KeptNever isOn={!isTest}>
          <div ref={asked}>
            <Question id={id} name={host.name} question={progress.question} />
          </div>
        </KeptNever>
      )}
      {error !== null && <Failure error={error} name={host.name} />}
      {isKeyOffered && (
        <p className="text-button text-soft">
          {say('window.hosts.key-set-up.offer', { name: host.name })}
        </p>
      )}
    </Dialog>
  )
}

/** The password of a set-up is used once; it is not asked whether to remember it. */
function KeptNever({ isOn, children }: { isOn: boolean; children: ReactNode }) {
  const actions = useActions()
  const forgetting = useMemo(
    () => (isOn ? { ...actions, canKeepSecrets: false } : actions),
    [actions, isOn],
  )
  return <ActionsContext value={forgetting}>{children}</ActionsContext>
}
