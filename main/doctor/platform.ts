import type { Platform } from '../hosts/host.ts'
import type { Visit } from './visit.ts'

/** What is known of a Host before it answers: from this run of the app, and from the settings. */
export type Known = Pick<Visit, 'state' | 'config'>

/** The Host's system, as it last said; null where it never has. */
export function platformOf({ state, config }: Known): Platform | null {
  return state?.platform ?? config.platform
}
