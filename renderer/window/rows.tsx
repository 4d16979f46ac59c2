import { Field as BaseField } from '@base-ui/react/field'
import { type ReactNode, useId } from 'react'
import { classNames } from '../ui/class-names.ts'
import { Switch } from '../ui/switch.tsx'

/** A card of rows: what is chosen at the left, how at the right. */
export function Rows({ children }: { children: ReactNode }) {
  return <div className="flex flex-col rounded-card bg-card px-3 hairline-ring">{children}</div>
}

/** A card of what is known: names at the left, values at the right. Holds {@link Fact}s in a `dl`. */
export function Facts({ children }: { children: ReactNode }) {
  return <div className="rounded-card bg-card px-3 hairline-ring">{children}</div>
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex gap-4 py-2 not-first:hairline-t">
      <dt className="flex-none">{name}</dt>
      <dd className="selectable min-w-0 flex-1 break-words text-right text-soft">{children}</dd>
    </div>
  )
}

const rowClass = 'flex min-h-11 items-center gap-x-4 gap-y-1 py-1.5 not-first:hairline-t'

interface RowTextProps {
  help?: string | undefined
  /** Why it does not hold although it is set; said at once by a screen reader. */
  problem?: string | null
}

function RowText({ help, problem = null }: RowTextProps) {
  if (problem !== null) {
    return (
      <div role="alert" className="text-small text-bad-text">
        {problem}
      </div>
    )
  }
  return help === undefined ? null : <div className="text-small text-soft">{help}</div>
}

interface SettingRowProps extends RowTextProps {
  label: string
  /** Gets the label, to name its control by. */
  children: (label: string) => ReactNode
}

export function SettingRow({ label, children, ...text }: SettingRowProps) {
  return (
    <div className={classNames(rowClass, 'max-[479px]:flex-wrap')}>
      <div className="min-w-0 flex-1 basis-[140px]">
        <div aria-hidden="true">{label}</div>
        <RowText {...text} />
      </div>
      <div className="w-[220px] flex-none max-[479px]:w-full">{children(label)}</div>
    </div>
  )
}

interface ToggleRowProps extends RowTextProps {
  label: string
  isOn: boolean
  isDisabled?: boolean
  onChange: (isOn: boolean) => void
}

export function ToggleRow({ label, isOn, isDisabled = false, onChange, ...text }: ToggleRowProps) {
  const id = useId()
  return (
    <div className={rowClass}>
      <div className="min-w-0 flex-1">
        <div id={id}>{label}</div>
        <RowText {...text} />
      </div>
      <Switch labelledBy={id} isOn={isOn} isDisabled={isDisabled} onChange={onChange} />
    </div>
  )
}

interface FieldRowProps {
  label: string
  help?: string
  /** What is wrong with the value; said at once by a screen reader. */
  error?: string | null
  /** A `TextInput` or `SelectInput`. */
  children: ReactNode
}

/** A row with something to type; what is said of it stands under its control. */
export function FieldRow({ label, help, error = null, children }: FieldRowProps) {
  return (
    <BaseField.Root
      invalid={error !== null}
      className="grid grid-cols-[minmax(72px,24%)_1fr] items-center gap-x-3 gap-y-1 py-2 not-first:hairline-t"
    >
      <BaseField.Label>{label}</BaseField.Label>
      {children}
      {error !== null ? (
        <BaseField.Error match role="alert" className="col-start-2 text-small text-bad-text">
          {error}
        </BaseField.Error>
      ) : (
        help !== undefined && (
          <BaseField.Description className="col-start-2 text-small text-soft">
            {help}
          </BaseField.Description>
        )
      )}
    </BaseField.Root>
  )
}
