import type { CheckResult } from '../../../preload/contract/checks.ts'
import type { HostState } from '../../../preload/contract/fleet.ts'
import { hostName } from '../../../preload/words/host-name.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { useActions, useAttempt } from '../actions.ts'
import { useNow } from '../clock.ts'
import { isAnswering } from '../panel.ts'
import { RemedyLine } from '../remedy.tsx'
import { useSay } from '../say.ts'

/** What a check saw, when, and what can be done about it. */
export function CheckDetail({
  id,
  check,
  host,
}: {
  id: string
  check: CheckResult
  host: HostState
}) {
  const say = useSay()
  useNow()
  const actions = useActions()
  const attempt = useAttempt()
  return (
    <Card id={id} className="grid grid-cols-1 gap-2">
      <p className="text-button">{say(check.reason)}</p>
      {check.remedy !== undefined && (
        <RemedyLine remedy={check.remedy} name={hostName(host, say)} />
      )}
      <div className="flex items-center justify-between text-small text-soft">
        <span>{say('popover.shields.asked', { askedAt: check.at })}</span>
        <Button
          size="small"
          kind="quiet"
          className="-mr-1.5"
          disabled={attempt.isPending || !isAnswering(host)}
          onClick={() => attempt.run(() => actions.runCheck(host.id, check.id))}
        >
          {say(attempt.isPending ? 'popover.shields.asking' : 'popover.shields.ask-again')}
        </Button>
      </div>
      {attempt.failure !== null && (
        <p role="alert" className="selectable text-small text-bad-text">
          {say(attempt.failure.message)}
        </p>
      )}
    </Card>
  )
}
