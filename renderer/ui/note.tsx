import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

interface NoteProps {
  tone?: 'plain' | 'warn' | 'bad'
  /** Said at once by a screen reader. */
  isAlert?: boolean
  title?: ReactNode
  children?: ReactNode
  /** One action, rarely two. */
  actions?: ReactNode
}

const tones = {
  plain: 'bg-card hairline-ring',
  warn: 'bg-warn-wash',
  bad: 'bg-bad-wash',
}

/** Something that must be said in place: a sentence of what is, and what can be done. */
export function Note({ tone = 'plain', isAlert = false, title, children, actions }: NoteProps) {
  return (
    <div
      {...(isAlert && { role: 'alert' })}
      className={classNames('flex flex-col gap-2 rounded-card px-3 py-2.5', tones[tone])}
    >
      <div className="flex flex-col gap-0.5">
        {title !== undefined && <div className="font-medium">{title}</div>}
        {children !== undefined && <div className="text-button text-soft">{children}</div>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap gap-1.5">{actions}</div>}
    </div>
  )
}
