import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names.ts'

/** `rows` leaves the sides to what is in it, so that a row can be lit from edge to edge. */
const paddings = {
  usual: 'px-3 py-2.5',
  tight: 'px-2.5 py-2',
  even: 'p-3',
  rows: 'py-2.5',
}

interface CardProps extends ComponentProps<'section'> {
  /** Of two paddings in one list of classes the order in the style sheet decides, so that it is no part of `className`. */
  padding?: keyof typeof paddings
}

export function Card({ padding = 'usual', className, ...props }: CardProps) {
  return (
    <section
      className={classNames('rounded-card bg-card hairline-ring', paddings[padding], className)}
      {...props}
    />
  )
}

interface HeadingProps {
  id?: string
  level?: 2 | 3
  children: ReactNode
  /** At the right end: a count, a state, a link. */
  aside?: ReactNode
}

/** The small line over a card. */
export function Heading({ id, level = 2, children, aside }: HeadingProps) {
  const Tag = level === 2 ? 'h2' : 'h3'
  return (
    <div className="flex items-baseline justify-between gap-2 px-1 text-small text-soft">
      <Tag id={id} className="font-semibold">
        {children}
      </Tag>
      {aside}
    </div>
  )
}

/** A card of rows, parted by hairlines. */
export function List({ className, ...props }: ComponentProps<'ul'>) {
  return (
    <ul
      className={classNames('overflow-x-hidden rounded-card bg-card hairline-ring', className)}
      {...props}
    />
  )
}

interface RowProps extends Omit<ComponentProps<'li'>, 'title'> {
  title: ReactNode
  /** The second, softer line. */
  detail?: ReactNode
  /** At the left: an icon, a state dot. */
  lead?: ReactNode
  /** At the right: buttons, a value. */
  actions?: ReactNode
  /** Under both lines, over the whole width. */
  children?: ReactNode
}

/** One row of a {@link List}: a name, a softer second line, and the actions that belong to it. */
export function Row({ title, detail, lead, actions, children, className, ...props }: RowProps) {
  return (
    <li className={classNames('px-3 py-2 not-first:hairline-t', className)} {...props}>
      <div className="flex min-h-8 items-center gap-2.5">
        {lead}
        <div className="min-w-0 flex-1">
          <div className="truncate font-medium">{title}</div>
          {detail !== undefined && <div className="text-small text-soft">{detail}</div>}
        </div>
        {actions !== undefined && (
          <div className="flex flex-none items-center gap-1.5">{actions}</div>
        )}
      </div>
      {children}
    </li>
  )
}
