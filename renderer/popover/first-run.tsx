import { ChevronRight } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { HostSuggestion } from '../../preload/contract/hosts.ts'
import { type Attempt, useActions, useAttempt } from '../panels/actions.ts'
import { useSay } from '../panels/say.ts'
import { Button } from '../ui/button.tsx'
import { Heading, List, Row } from '../ui/card.tsx'
import { SuggestionPlaceholder } from './first-run-placeholder.tsx'

const AccountForm = lazy(async () => ({
  default: (await import('./account-form.tsx')).AccountForm,
}))

const mostSuggestions = 3

/** With nothing configured: the machines that could be added, and the demo. */
export function FirstRun({ account }: { account: string | null }) {
  const say = useSay()
  const actions = useActions()
  const attempt = useAttempt()
  const [suggestions, setSuggestions] = useState<readonly HostSuggestion[] | null>(null)

  useEffect(() => {
    let isGone = false
    actions.suggestions().then(
      (found) => !isGone && setSuggestions(found),
      () => !isGone && setSuggestions([]),
    )
    return () => {
      isGone = true
    }
  }, [actions])

  const moreCount = (suggestions?.length ?? 0) - mostSuggestions
  return (
    <section aria-labelledby="first-run-heading" className="grid grid-cols-1 gap-1">
      <Heading id="first-run-heading">{say('popover.first-run.title')}</Heading>
      <List>
        {suggestions === null && <SuggestionPlaceholder />}
        {suggestions?.slice(0, mostSuggestions).map((suggestion) => (
          <Suggestion
            key={`${suggestion.source} ${suggestion.target}`}
            {...{ suggestion, account, attempt }}
          />
        ))}
        <Offer
          text={say(
            suggestions?.length === 0
              ? 'popover.first-run.add-studio'
              : 'popover.first-run.add-another',
          )}
          detail={
            moreCount > 0
              ? say('popover.first-run.more', { count: moreCount })
              : say('popover.first-run.add-detail')
          }
          onClick={() => attempt.run(() => actions.openWindow('add-host'))}
        />
        <Offer
          text={say('popover.first-run.demo')}
          detail={say('popover.first-run.demo-detail')}
          onClick={() => attempt.run(() => actions.showDemo())}
        />
      </List>
      {attempt.failure !== null && (
        <p role="alert" className="px-1 text-small text-bad-text">
          {say(attempt.failure.message)}
        </p>
      )}
    </section>
  )
}

interface SuggestionProps {
  suggestion: HostSuggestion
  account: string | null
  attempt: Attempt
}

/** Of an entry of `~/.ssh/config` all is known; of a machine of the tailnet all but the account. */
function Suggestion({ suggestion, account, attempt }: SuggestionProps) {
  const say = useSay()
  const actions = useActions()
  const [isAsking, setAsking] = useState(false)
  const { name, source } = suggestion
  const add = (as: string | null) =>
    attempt.run(() => actions.addSuggestion({ ...suggestion, account: as }))
  return (
    <Row
      title={name}
      detail={say(`popover.first-run.source.${source}`)}
      actions={
        !isAsking && (
          <Button
            size="small"
            kind="tinted"
            disabled={attempt.isPending}
            aria-label={say('popover.first-run.add-name', { name })}
            onClick={() => (source === 'tailnet' ? setAsking(true) : add(suggestion.account))}
          >
            {say(source === 'tailnet' ? 'popover.first-run.add-ask' : 'popover.first-run.add')}
          </Button>
        )
      }
    >
      {isAsking && (
        <Suspense fallback={null}>
          <AccountForm
            {...{ name, account }}
            isPending={attempt.isPending}
            onAdd={add}
            onCancel={() => setAsking(false)}
          />
        </Suspense>
      )}
    </Row>
  )
}

function Offer({ text, detail, onClick }: { text: string; detail: string; onClick: () => void }) {
  return (
    <li className="not-first:hairline-t">
      <button
        type="button"
        onClick={onClick}
        className="flex w-full items-center gap-2 px-3 py-2 text-left -outline-offset-2 transition-colors hover:bg-press"
      >
        <span className="min-w-0 flex-1">
          <span className="block font-medium text-accent-text">{text}</span>
          <span className="block text-small text-soft">{detail}</span>
        </span>
        <ChevronRight aria-hidden="true" className="size-4 flex-none text-faint" />
      </button>
    </li>
  )
}
