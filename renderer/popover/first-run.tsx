import { ChevronRight } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { HostSuggestion } from '../../preload/contract/hosts.ts'
import { useActions, useAttempt } from '../panels/actions.ts'
import { useSay } from '../panels/say.ts'
import { Button } from '../ui/button.tsx'
import { Heading, List, Row } from '../ui/card.tsx'

const mostSuggestions = 3

/** With nothing configured: the machines that could be added, and the demo. */
export function FirstRun() {
  const say = useSay()
  const actions = useActions()
  const attempt = useAttempt()
  const [suggestions, setSuggestions] = useState<readonly HostSuggestion[]>([])

  useEffect(() => {
    let isGone = false
    actions.suggestions().then(
      (found) => !isGone && setSuggestions(found),
      () => undefined,
    )
    return () => {
      isGone = true
    }
  }, [actions])

  return (
    <section aria-labelledby="first-run-heading" className="grid grid-cols-1 gap-1">
      <Heading id="first-run-heading">{say('popover.first-run.title')}</Heading>
      <List>
        {suggestions.slice(0, mostSuggestions).map((suggestion) => (
          <Row
            key={`${suggestion.source} ${suggestion.target}`}
            title={suggestion.name}
            detail={say(`popover.first-run.source.${suggestion.source}`)}
            actions={
              <Button
                size="small"
                kind="tinted"
                disabled={attempt.isPending}
                aria-label={say('popover.first-run.add-name', { name: suggestion.name })}
                onClick={() => attempt.run(() => actions.addSuggestion(suggestion))}
              >
                {say('popover.first-run.add')}
              </Button>
            }
          />
        ))}
        <Offer
          text={say(
            suggestions.length === 0
              ? 'popover.first-run.add-studio'
              : 'popover.first-run.add-another',
          )}
          detail={say('popover.first-run.add-detail')}
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
