import { useEffect, useRef, useState } from 'react'
import type { Alert } from '../../preload/contract/alerts.ts'

/** While somebody points at the popover, only what they have seen already: a new one would push everything down under the pointer. */
export function steadyAlerts(
  shownIds: ReadonlySet<string>,
  alerts: readonly Alert[],
  isHeld: boolean,
): readonly Alert[] {
  return isHeld ? alerts.filter(({ id }) => shownIds.has(id)) : alerts
}

/** Follows the alerts, and holds new ones until the pointer has left. Another Host on display lets them in: then all is new. */
export function useSteadyAlerts(alerts: readonly Alert[], shownHostId: string) {
  const [isPointedAt, setPointedAt] = useState(false)
  const before = useRef<{ hostId: string; ids: ReadonlySet<string> } | null>(null)
  const isSameHost = before.current?.hostId === shownHostId
  const shown = steadyAlerts(before.current?.ids ?? new Set(), alerts, isPointedAt && isSameHost)
  before.current = { hostId: shownHostId, ids: new Set(shown.map(({ id }) => id)) }

  useEffect(() => {
    // a window that is hidden is not told that the pointer has left
    const onVisibility = () => document.hidden && setPointedAt(false)
    document.addEventListener('visibilitychange', onVisibility)
    return () => document.removeEventListener('visibilitychange', onVisibility)
  }, [])

  return {
    shown,
    /** Of the element that is the whole popover. */
    handlers: {
      onPointerEnter: () => setPointedAt(true),
      onPointerLeave: () => setPointedAt(false),
    },
  }
}
