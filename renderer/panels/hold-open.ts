import { useEffect } from 'react'
import { createStore, useStore } from '../state/store.ts'

const holds = createStore(0)

/**
 * While it is there, the popover stays open when the person turns to another app: to compare, copy or read what is asked for.
 * Esc and the icon close it all the same.
 */
export function useHoldOpen(): void {
  useEffect(() => {
    holds.set(holds.get() + 1)
    return () => holds.set(holds.get() - 1)
  }, [])
}

export function useIsHeldOpen(): boolean {
  return useStore(holds, (count) => count > 0)
}
