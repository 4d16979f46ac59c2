import { useSay } from './panels/say.ts'
import { useDismissProblem, useSettings } from './state/settings.ts'
import { Button } from './ui/button.tsx'
import { Note } from './ui/note.tsx'

/** A settings file that could not be read, or cannot be written, is said until the person has seen it. */
export function SettingsProblem() {
  const say = useSay()
  const problem = useSettings()?.problem
  const dismiss = useDismissProblem()
  if (problem == null) return null
  return (
    <Note
      tone="warn"
      isAlert
      actions={<Button onClick={() => dismiss.mutate()}>{say('page.understood')}</Button>}
    >
      <p className="selectable break-words">{say(problem.message)}</p>
    </Note>
  )
}
