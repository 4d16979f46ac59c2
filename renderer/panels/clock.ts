import { createContext, useContext, useEffect, useState } from 'react'

/** Gives the time; a fixed one in pictures. */
export const ClockContext = createContext<() => number>(Date.now)

/** The time in milliseconds since 1970, told anew every second while the page is visible. */
export function useNow(): number {
  const clock = useContext(ClockContext)
  const [now, setNow] = useState(clock)
  useEffect(() => {
    const tell = () => {
      if (!document.hidden) setNow(clock())
    }
    tell()
    const timer = setInterval(tell, 1_000)
    document.addEventListener('visibilitychange', tell)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', tell)
    }
  }, [clock])
  return now
}
