import { useCallback, useEffect, useRef, useState } from 'react'
import type { Message } from '../../preload/contract/base.ts'
import type { OpenDoctor } from '../panels/open-doctor.ts'

export interface DoctorPlace {
  /** For which Host it is open, and what made somebody ask. Null: closed. */
  call: { hostId: string; cause: Message | null } | null
  open: OpenDoctor
  /** Gives the focus back to what opened it. */
  close(): void
  /** Closes without moving the focus: the person went elsewhere. */
  leave(): void
}

/** Whether the doctor stands in place of the panels, and where the focus goes after it. */
export function useDoctorPlace(): DoctorPlace {
  const [call, setCall] = useState<DoctorPlace['call']>(null)
  const opener = useRef<HTMLElement | null>(null)

  const open = useCallback<OpenDoctor>((hostId, cause) => {
    opener.current = openerOf(document.activeElement)
    setCall({ hostId, cause: cause ?? null })
  }, [])
  const close = useCallback(() => setCall(null), [])
  const leave = useCallback(() => {
    opener.current = null
    setCall(null)
  }, [])

  useEffect(() => {
    if (call !== null) return
    if (opener.current?.isConnected) opener.current.focus()
    opener.current = null
  }, [call])

  return { call, open, close, leave }
}

/** A menu's entry is gone after the click: its button stands for it. */
function openerOf(focused: Element | null): HTMLElement | null {
  const menu = focused?.closest('[role=menu]')
  const found =
    menu == null ? focused : document.getElementById(menu.getAttribute('aria-labelledby') ?? '')
  return found instanceof HTMLElement ? found : null
}
