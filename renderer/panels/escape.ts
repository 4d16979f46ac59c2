import { useEffect } from 'react'

type Leave = () => void

const leaves: Leave[] = []

/** While it is there, Esc calls `leave` instead of closing the popover; of several the one that came last. */
export function useEscape(leave: Leave): void {
  useEffect(() => {
    leaves.push(leave)
    return () => {
      const index = leaves.lastIndexOf(leave)
      if (index !== -1) leaves.splice(index, 1)
    }
  }, [leave])
}

/** What Esc leaves now; undefined where that is the popover itself. */
export function innermostLeave(): Leave | undefined {
  return leaves.at(-1)
}
