import { Field as BaseField } from '@base-ui/react/field'
import { ChevronsUpDown } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names.ts'

const controlClass =
  'h-7 w-full min-w-0 rounded-button bg-raised px-2 hairline-ring placeholder:text-faint disabled:opacity-45 aria-invalid:outline aria-invalid:outline-1 aria-invalid:outline-bad aria-invalid:focus-visible:outline-[2.5px]'

interface FieldProps {
  label: ReactNode
  /** One sentence under the control. */
  help?: ReactNode
  /** What is wrong with the value; said at once by a screen reader. */
  error?: string | null
  children: ReactNode
  className?: string
}

/** A label over its control, with help and error under it. The control is a {@link TextInput} or {@link SelectInput}. */
export function Field({ label, help, error, children, className }: FieldProps) {
  const isInvalid = error !== undefined && error !== null
  return (
    <BaseField.Root
      invalid={isInvalid}
      className={classNames('flex min-w-0 flex-col gap-1', className)}
    >
      <BaseField.Label className="text-button font-medium">{label}</BaseField.Label>
      {children}
      {isInvalid ? (
        <BaseField.Error match className="text-small text-bad-text" role="alert">
          {error}
        </BaseField.Error>
      ) : (
        help !== undefined && (
          <BaseField.Description className="text-small text-soft">{help}</BaseField.Description>
        )
      )}
    </BaseField.Root>
  )
}

type TextInputProps = Omit<ComponentProps<'input'>, 'value' | 'defaultValue' | 'onChange'> & {
  value: string
  onChange: (value: string) => void
}

/** A line of text. Outside a {@link Field} it needs an `aria-label`. */
export function TextInput({ onChange, className, ...props }: TextInputProps) {
  return (
    <BaseField.Control
      spellCheck={false}
      autoComplete="off"
      autoCapitalize="off"
      {...props}
      onValueChange={(value) => onChange(String(value))}
      className={classNames(controlClass, className)}
    />
  )
}

interface SelectInputProps<Value extends string> {
  value: Value
  options: readonly { value: Value; label: string; isDisabled?: boolean }[]
  onChange: (value: Value) => void
  label?: string
  className?: string
  disabled?: boolean
}

/** The system's own menu of choices. Outside a {@link Field} it needs a `label`. */
export function SelectInput<Value extends string>(props: SelectInputProps<Value>) {
  return (
    <span className={classNames('relative block', props.className)}>
      <BaseField.Control
        render={
          <select>
            {props.options.map((option) => (
              <option key={option.value} value={option.value} disabled={option.isDisabled ?? false}>
                {option.label}
              </option>
            ))}
          </select>
        }
        value={props.value}
        disabled={props.disabled ?? false}
        {...(props.label !== undefined && { 'aria-label': props.label })}
        onValueChange={(value) => props.onChange(String(value) as Value)}
        className={classNames(controlClass, 'appearance-none pr-6')}
      />
      <ChevronsUpDown
        aria-hidden="true"
        className="pointer-events-none absolute top-[7px] right-1.5 size-3.5 text-soft"
      />
    </span>
  )
}
