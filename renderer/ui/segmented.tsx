import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

/** The looks of the track and of one segment, shared with the switch of hosts. */
export const segmentTrackClass = 'flex min-w-0 gap-0.5 rounded-control bg-track p-0.5'
export function segmentClass(isOn: boolean): string {
  return classNames(
    'flex h-6 min-w-0 flex-1 items-center justify-center gap-1.5 rounded-button px-2 font-medium outline-offset-0 transition-colors duration-100',
    isOn ? 'bg-raised text-text shadow-raised' : 'text-soft hover:text-text',
  )
}

interface SegmentedProps<Value extends string> {
  label: string
  value: Value
  options: readonly { value: Value; label: ReactNode }[]
  onChange: (value: Value) => void
}

/** One choice of a few, all in sight; the arrow keys move it. */
export function Segmented<Value extends string>(props: SegmentedProps<Value>) {
  return (
    <RadioGroup
      aria-label={props.label}
      value={props.value}
      onValueChange={(value) => props.onChange(value)}
      className={segmentTrackClass}
    >
      {props.options.map((option) => (
        <Radio.Root
          key={option.value}
          value={option.value}
          className={classNames(segmentClass(option.value === props.value), 'text-button')}
        >
          {option.label}
        </Radio.Root>
      ))}
    </RadioGroup>
  )
}
