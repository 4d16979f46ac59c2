import { useState } from 'react'
import { useSay } from '../panels/say.ts'
import { Button } from '../ui/button.tsx'
import { acceleratorOf, shownAccelerator } from './accelerator.ts'

interface ShortcutRecorderProps {
  label: string
  value: string | null
  isDisabled: boolean
  isMac: boolean
  onChange: (value: string | null) => void
}

/** Press it, then the keys. Esc leaves it as it was. */
export function ShortcutRecorder({
  label,
  value,
  isDisabled,
  isMac,
  onChange,
}: ShortcutRecorderProps) {
  const say = useSay()
  const [isRecording, setRecording] = useState(false)
  const shown = value === null ? say('window.settings.none') : shownAccelerator(value, isMac)
  return (
    <div className="flex items-center justify-end gap-1.5">
      <Button
        className="min-w-[120px]"
        disabled={isDisabled}
        aria-label={`${label}: ${shown}`}
        aria-pressed={isRecording}
        onClick={() => setRecording(true)}
        onBlur={() => setRecording(false)}
        onKeyDown={(event) => {
          if (!isRecording) return
          event.preventDefault()
          event.stopPropagation()
          if (event.key === 'Escape') return setRecording(false)
          const accelerator = acceleratorOf(event)
          if (accelerator === null) return
          setRecording(false)
          onChange(accelerator)
        }}
      >
        {isRecording ? say('window.settings.press-keys') : shown}
      </Button>
      {value !== null && (
        <Button kind="quiet" disabled={isDisabled} onClick={() => onChange(null)}>
          {say('window.settings.clear')}
        </Button>
      )}
    </div>
  )
}
