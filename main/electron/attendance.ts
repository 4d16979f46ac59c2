/** What the system tells of the person: away are those who sleep, or left the Mac to another account. */
export type Attendance =
  | 'suspend'
  | 'resume'
  | 'unlock-screen'
  | 'user-did-resign-active'
  | 'user-did-become-active'

export interface Signals {
  wake(): void
  sleep(): void
}

/**
 * Sleep and fast user switching overlap: a Mac that wakes at another account's session must still ask nothing. Returns
 * the listener for {@link Attendance}.
 */
export function createAttendance(signals: Signals): (event: Attendance) => void {
  let isSuspended = false
  let isSwitchedAway = false
  return (event) => {
    const wasAway = isSuspended || isSwitchedAway
    if (event === 'suspend') isSuspended = true
    if (event === 'resume') isSuspended = false
    if (event === 'user-did-resign-active') isSwitchedAway = true
    if (event === 'user-did-become-active') isSwitchedAway = false
    if (event === 'unlock-screen') isSuspended = isSwitchedAway = false
    const isAway = isSuspended || isSwitchedAway
    if (isAway && !wasAway) signals.sleep()
    // also when nothing was missed: after an unlock everything on show is asked for at once
    if (!isAway) signals.wake()
  }
}
