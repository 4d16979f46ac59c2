/**
 * How much is asked of a Host. `none`: nothing. `background`: what the menu bar shows. `open`: the gauges, because
 * somebody sees the list of Hosts. `focus`: processes, models and checks as well, because this Host is on display.
 */
export type Demand = 'none' | 'background' | 'open' | 'focus'

/** What the settings say of it. */
export interface Intervals {
  openEveryMs: number
  closedEveryMs: number
  isRoomShownInMenuBar?: boolean
}

/** A Host that is only a dot in the switch is asked this many times more seldom than the one on display. */
const restraint = 2

/** How often a Host's gauge is asked, and whether its model servers are due with the next tick. */
export function paceOf(
  demand: Demand,
  { openEveryMs, closedEveryMs, isRoomShownInMenuBar = false }: Intervals,
  sinceModelsMs: number,
): { everyMs: number; areModelsDue: boolean } {
  if (demand === 'background') return { everyMs: closedEveryMs, areModelsDue: true }
  if (demand === 'focus') return { everyMs: openEveryMs, areModelsDue: true }
  const isModelsTurn = sinceModelsMs >= closedEveryMs
  return { everyMs: openEveryMs * restraint, areModelsDue: isRoomShownInMenuBar && isModelsTurn }
}
