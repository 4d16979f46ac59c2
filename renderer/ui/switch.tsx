import { Switch as BaseSwitch } from '@base-ui/react/switch'

interface SwitchProps {
  /** Id of the element that names it, or a name of its own. */
  labelledBy?: string
  label?: string
  isOn: boolean
  isDisabled?: boolean
  onChange: (isOn: boolean) => void
}

export function Switch({ labelledBy, label, isOn, isDisabled = false, onChange }: SwitchProps) {
  return (
    <BaseSwitch.Root
      {...(labelledBy !== undefined && { 'aria-labelledby': labelledBy })}
      {...(label !== undefined && { 'aria-label': label })}
      checked={isOn}
      disabled={isDisabled}
      onCheckedChange={(checked) => onChange(checked)}
      className="relative inline-flex h-4 w-[27px] flex-none rounded-full bg-press-hover transition-colors duration-150 data-[checked]:bg-accent-fill data-[disabled]:opacity-45"
    >
      <BaseSwitch.Thumb className="absolute top-[1.5px] left-[1.5px] size-[13px] rounded-full bg-on-accent shadow-raised transition-transform duration-150 data-[checked]:translate-x-[11px]" />
    </BaseSwitch.Root>
  )
}
