import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names.ts'

type ButtonKind = 'plain' | 'filled' | 'tinted' | 'card' | 'quiet' | 'danger'
type ButtonSize = 'small' | 'regular' | 'large'

interface ButtonProps extends ComponentProps<'button'> {
  /** One `filled` button per group; `tinted` where several could be it. `card` stands on the bare background, `plain` on a card, `quiet` shows on hover. */
  kind?: ButtonKind
  size?: ButtonSize
}

const kinds: Record<ButtonKind, string> = {
  plain: 'bg-press hover:bg-press-hover',
  filled: 'bg-accent-fill text-on-accent hover:bg-accent-fill-hover',
  tinted: 'bg-accent-wash text-accent-text hover:bg-press-hover',
  card: 'bg-card hairline-ring hover:bg-raised',
  quiet: 'text-soft hover:bg-press hover:text-text aria-expanded:bg-press aria-expanded:text-text',
  danger: 'bg-bad-wash text-bad-text hover:bg-press-hover',
}

const sizes: Record<ButtonSize, string> = {
  small: 'h-6 px-2.5 rounded-button text-button',
  regular: 'h-7 px-3 rounded-button text-base',
  large: 'h-[34px] px-3 rounded-control text-base',
}

/** The looks of a button, for things that are buttons by other means (a link, a menu's trigger). */
export function buttonClass(kind: ButtonKind = 'plain', size: ButtonSize = 'regular'): string {
  return classNames(
    'inline-flex items-center justify-center gap-1.5 font-medium whitespace-nowrap',
    'transition-colors duration-100 active:brightness-95 disabled:opacity-45 disabled:pointer-events-none',
    kinds[kind],
    sizes[size],
  )
}

export function Button({ kind, size, className, type, ...props }: ButtonProps) {
  return (
    <button
      type={type ?? 'button'}
      className={classNames(buttonClass(kind, size), className)}
      {...props}
    />
  )
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  /** Said by VoiceOver and shown as a tooltip. */
  label: string
  icon: ReactNode
}

export function IconButton({ label, icon, className, ...props }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={classNames(
        'grid size-7 flex-none place-items-center rounded-[7px] text-soft transition-colors duration-100',
        'hover:bg-press hover:text-text aria-expanded:bg-press aria-expanded:text-text',
        'disabled:pointer-events-none disabled:opacity-45',
        className,
      )}
      {...props}
    >
      {icon}
    </button>
  )
}
