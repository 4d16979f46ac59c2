import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

const tones = {
  plain: 'bg-press text-text',
  accent: 'bg-accent-wash text-accent-text',
  warn: 'bg-warn-wash text-warn-text',
}

/** A word that marks what it stands beside, such as "Demo". */
export function Tag({
  tone = 'plain',
  children,
}: {
  tone?: keyof typeof tones
  children: ReactNode
}) {
  return (
    <span
      className={classNames(
        'flex-none rounded-[4px] px-[5px] font-medium text-[10px] leading-[15px]',
        tones[tone],
      )}
    >
      {children}
    </span>
  )
}
