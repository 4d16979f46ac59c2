import { Menu as BaseMenu } from '@base-ui/react/menu'
import type { ReactElement, ReactNode } from 'react'

interface MenuProps {
  /** The button that opens it; see {@link buttonClass}. */
  trigger: ReactElement
  children: ReactNode
  align?: 'start' | 'end'
}

export function Menu({ trigger, children, align = 'end' }: MenuProps) {
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner align={align} sideOffset={4} className="z-10 outline-none">
          <BaseMenu.Popup className="min-w-[160px] max-w-[300px] rounded-control bg-raised p-1 shadow-float outline-none">
            {children}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  )
}

const itemClass =
  'flex min-h-[26px] items-center gap-2 rounded-[5px] px-2 py-1 text-base outline-none data-[highlighted]:bg-accent-fill data-[highlighted]:text-on-accent data-[disabled]:opacity-45'

interface MenuItemProps {
  icon?: ReactNode
  children: ReactNode
  isDisabled?: boolean
  onSelect: () => void
}

export function MenuItem({ icon, children, isDisabled = false, onSelect }: MenuItemProps) {
  return (
    <BaseMenu.Item className={itemClass} disabled={isDisabled} onClick={onSelect}>
      {icon}
      {children}
    </BaseMenu.Item>
  )
}

export function MenuSeparator() {
  return <BaseMenu.Separator className="mx-2 my-1 hairline-t" />
}

interface MenuChoicesProps<Value extends string> {
  value: Value | null
  options: readonly { value: Value; label: ReactNode }[]
  onChange: (value: Value) => void
}

/** One of several, with a mark at the one that holds. */
export function MenuChoices<Value extends string>(props: MenuChoicesProps<Value>) {
  return (
    <BaseMenu.RadioGroup
      value={props.value}
      onValueChange={(value: Value) => props.onChange(value)}
    >
      {props.options.map((option) => (
        <BaseMenu.RadioItem
          key={option.value}
          value={option.value}
          closeOnClick
          className={itemClass}
        >
          <span className="w-3 flex-none text-button" aria-hidden="true">
            <BaseMenu.RadioItemIndicator>✓</BaseMenu.RadioItemIndicator>
          </span>
          {option.label}
        </BaseMenu.RadioItem>
      ))}
    </BaseMenu.RadioGroup>
  )
}
