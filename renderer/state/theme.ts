import { useEffect } from 'react'
import type { Settings } from '../../preload/contract/settings.ts'

/** Puts the chosen theme on `<html data-theme>`; `system` leaves it to the media query. */
export function useTheme(theme: Settings['theme'] | undefined): void {
  useEffect(() => {
    const root = document.documentElement
    if (theme === undefined || theme === 'system') delete root.dataset.theme
    else root.dataset.theme = theme
  }, [theme])
}
