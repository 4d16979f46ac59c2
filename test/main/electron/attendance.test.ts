import { describe, expect, it } from 'vitest'
import { type Attendance, createAttendance } from '../../../main/electron/attendance.ts'

/** What the core is told after these events. */
function told(...events: Attendance[]): string {
  const words: string[] = []
  const attend = createAttendance({
    wake: () => words.push('wake'),
    sleep: () => words.push('sleep'),
  })
  for (const event of events) attend(event)
  return words.join(' ')
}

describe('createAttendance', () => {
  it('sleeps with the Mac and wakes with it', () => {
    expect(told('suspend', 'resume')).toBe('sleep wake')
  })

  it('rests while another account has the screen', () => {
    expect(told('user-did-resign-active', 'user-did-become-active')).toBe('sleep wake')
  })

  it('goes on resting when the Mac wakes at another account', () => {
    expect(told('user-did-resign-active', 'suspend', 'resume')).toBe('sleep')
    expect(told('user-did-resign-active', 'suspend', 'resume', 'user-did-become-active')).toBe(
      'sleep wake',
    )
  })

  it('is back for good when the screen is unlocked, whatever was missed', () => {
    expect(told('suspend', 'user-did-resign-active', 'unlock-screen')).toBe('sleep wake')
  })
})
