import { Dialog as BaseDialog } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'

interface DialogProps {
  isOpen: boolean
  title: ReactNode
  /** What it is about, in a sentence or two. */
  description?: ReactNode
  children?: ReactNode
  /** Buttons, the one that goes on last. */
  actions: ReactNode
  onClose: () => void
}

/** A question over the page. Esc and a click beside it close it; the focus returns to where it was. */
export function Dialog({ isOpen, title, description, children, actions, onClose }: DialogProps) {
  return (
    <BaseDialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="fixed inset-0 bg-[rgb(0_0_0/0.28)] transition-opacity duration-150 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <BaseDialog.Popup className="fixed top-1/2 left-1/2 flex max-h-[calc(100vh-32px)] w-[min(400px,calc(100vw-32px))] -translate-x-1/2 -translate-y-1/2 flex-col gap-3 overflow-auto rounded-popover bg-card p-4 shadow-float transition-opacity duration-150 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0">
          <BaseDialog.Title className="text-title font-semibold">{title}</BaseDialog.Title>
          {description !== undefined && (
            <BaseDialog.Description className="text-soft">{description}</BaseDialog.Description>
          )}
          {children}
          <div className="flex justify-end gap-2 pt-1 empty:hidden">{actions}</div>
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  )
}
