import { ChevronRight } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { classNames } from '../ui/class-names.ts'

interface DisclosureProps {
  label: ReactNode
  isOpenAtFirst?: boolean
  /** Not on a card: the line stands as headings do. */
  isOnBackground?: boolean
  children: ReactNode
}

/** What not everybody needs, behind a line that unfolds it. */
export function Disclosure({
  label,
  isOpenAtFirst = false,
  isOnBackground = false,
  children,
}: DisclosureProps) {
  const id = useId()
  const [isOpen, setOpen] = useState(isOpenAtFirst)
  return (
    <div className="flex flex-col gap-1.5">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
        className={classNames(
          'flex items-center gap-1 self-start rounded-button py-0.5 pr-1.5 font-medium text-soft hover:text-text',
          !isOnBackground && '-ml-1',
        )}
      >
        <ChevronRight
          size={14}
          aria-hidden="true"
          className={classNames('transition-transform duration-100', isOpen && 'rotate-90')}
        />
        {label}
      </button>
      <div id={id} hidden={!isOpen}>
        {isOpen && children}
      </div>
    </div>
  )
}
