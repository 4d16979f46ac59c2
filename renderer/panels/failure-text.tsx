import type { ErrorInfo } from '../../preload/contract/base.ts'
import { classNames } from '../ui/class-names.ts'
import { useSay } from './say.ts'

/** Why something did not work, said at once by a screen reader; a program's own words stand in its tooltip. */
export function FailureText({ failure, className }: { failure: ErrorInfo; className?: string }) {
  const say = useSay()
  return (
    <p
      role="alert"
      className={classNames('selectable text-small text-bad-text', className)}
      title={failure.detail}
    >
      {say(failure.message)}
    </p>
  )
}
