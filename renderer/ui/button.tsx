import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names.ts'

type ButtonKind = 'plain' | 'filled' | 'tinted' | 'card' | 'quiet' | 'danger'
type ButtonSize = 'small' | 'regular' | 'large'
type ButtonPadding = 'usual' | 'tight' | 'none'

interface ButtonProps extends ComponentProps<'button'> {
  /** One `filled` button per group; `tinted` where several could be it. `card` stands on the bare background, `plain` on a card, `quiet` shows on hover. */
  kind?: ButtonKind
  size?: ButtonSize
  /** At its sides. `tight` where several share a row, `none` around an icon. No part of `className`, as of a Card. */
  padding?: ButtonPadding
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
  small: 'h-6 rounded-button text-button',
  regular: 'h-7 rounded-button text-base',
  large: 'h-[34px] rounded-control text-base',
}

function paddingOf(padding: ButtonPadding, size: ButtonSize): string {
  if (padding === 'usual') return size === 'small' ? 'px-2.5' : 'px-3'
  return padding === 'tight' ? 'px-2' : 'px-0'
}

/** The looks of a button, for things that are buttons by other means (a link, a menu's trigger). */
export function buttonClass(
  kind: ButtonKind = 'plain',
  size: ButtonSize = 'regular',
  padding: ButtonPadding = 'usual',
): string {
  return classNames(
    'inline-flex items-center justify-center gap-1.5 font-medium whitespace-nowrap',
    'transition-colors duration-100 active:brightness-95 disabled:opacity-45 disabled:pointer-events-none',
    kinds[kind],
    sizes[size],
    paddingOf(padding, size),
  )
}

export function Button({ kind, size, padding, className, type, ...props }: ButtonProps) {
  return (
    <button
      type={type ?? 'button'}
      className={classNames(buttonClass(kind, size, padding), className)}
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
