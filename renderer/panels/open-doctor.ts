import { createContext, useContext } from 'react'
import type { Message } from '../../preload/contract/base.ts'

/** Shows the doctor for a Host in place of its panels; `cause` is what made somebody ask. */
export type OpenDoctor = (hostId: string, cause?: Message) => void

export const OpenDoctorContext = createContext<OpenDoctor>(() => undefined)

export function useOpenDoctor(): OpenDoctor {
  return useContext(OpenDoctorContext)
}
