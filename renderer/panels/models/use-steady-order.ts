import { type FocusEvent, useRef, useState } from 'react'
import { keepOrder } from './keep-order.ts'

/** The wanted order, except while the pointer or the keyboard is among the rows; see {@link keepOrder}. */
export function useSteadyOrder(wanted: readonly string[]) {
  const [isPointedAt, setPointedAt] = useState(false)
  const [isFocused, setFocused] = useState(false)
  const shown = useRef<readonly string[]>([])
  const order = keepOrder(shown.current, wanted, isPointedAt || isFocused)
  shown.current = order
  return {
    order,
    /** Of the element around the rows. */
    handlers: {
      onPointerEnter: () => setPointedAt(true),
      onPointerLeave: () => setPointedAt(false),
      // a click gives the focus too, and keeps it long after the pointer went elsewhere
      onFocus: ({ target }: FocusEvent) => setFocused(target.matches(':focus-visible')),
      onBlur: ({ currentTarget, relatedTarget }: FocusEvent) => {
        if (!currentTarget.contains(relatedTarget)) setFocused(false)
      },
    },
  }
}
