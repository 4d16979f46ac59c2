import { useEffect, useRef } from 'react'

const isMac = navigator.userAgent.includes('Mac')

/** As a person reads it, and as `aria-keyshortcuts` does. */
export const connectShortcut = {
  shown: isMac ? '⌘↩' : 'Ctrl+↩',
  aria: isMac ? 'Meta+Enter' : 'Control+Enter',
}

/**
 * ⌘↩ (elsewhere Ctrl+Enter) opens the preferred tool, from anywhere in the popover: with a modifier, so that it is never a
 * letter somebody types nor one of a screen reader's own. Not in a form, where it is the form's.
 */
export function useConnectShortcut(open: () => void): void {
  const latest = useRef(open)
  latest.current = open
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const hasModifier = isMac ? event.metaKey : event.ctrlKey
      if (event.key !== 'Enter' || !hasModifier || event.repeat || event.isComposing) return
      if (event.altKey || event.shiftKey || (isMac ? event.ctrlKey : event.metaKey)) return
      const isElsewhere =
        event.target instanceof Element && event.target.closest(elsewhere) !== null
      if (isElsewhere) return
      event.preventDefault()
      latest.current()
    }
    document.addEventListener('keydown', onKey, { capture: true })
    return () => document.removeEventListener('keydown', onKey, { capture: true })
  }, [])
}

const elsewhere = 'form, input, textarea, select, [contenteditable], [role=menu], [role=dialog]'
