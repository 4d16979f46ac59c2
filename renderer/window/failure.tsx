import type { ReactNode } from 'react'
import type { ErrorInfo } from '../../preload/contract/base.ts'
import { RemedyLine } from '../panels/remedy.tsx'
import { useSay } from '../panels/say.ts'
import { Note } from '../ui/note.tsx'

interface FailureProps {
  error: ErrorInfo
  /** Of the machine spoken of; where there is none, it is this one. */
  name?: string
  /** `warn` for what only keeps something from being done. */
  tone?: 'warn' | 'bad'
  actions?: ReactNode
}

/** What went wrong, what can be done about it, and the words of the program that failed. */
export function Failure({ error, name = '', tone = 'bad', actions }: FailureProps) {
  const { message, detail, remedy } = error
  const say = useSay()
  return (
    <Note tone={tone} isAlert title={say(message)} actions={actions}>
      {remedy !== undefined && (
        // a command stands on a darker ground of its own
        <div className="text-text">
          <RemedyLine remedy={remedy} name={name} />
        </div>
      )}
      {detail !== undefined && (
        <p className="selectable mt-1 break-words font-mono text-small">{detail}</p>
      )}
    </Note>
  )
}
