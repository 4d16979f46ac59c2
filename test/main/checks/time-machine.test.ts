import { describe, expect, test } from 'vitest'
import type { TimeMachineValue } from '../../../main/probes/time-machine.ts'
import { here, judge, outcome, unknown, value } from '../../support/check-readings.ts'
import { now } from '../../support/probe-answers.ts'

const disk = { name: 'Desk', kind: 'local', mountPath: '/Volumes/Desk', isLastUsed: true }
const hourMs = 3_600_000

function backup(fields: Partial<TimeMachineValue>) {
  return {
    'time-machine': value('time-machine', {
      destinations: [disk],
      isRunning: false,
      phase: null,
      progressRatio: null,
      lastBackupAt: null,
      lastBackupUnknown: null,
      ...fields,
    }),
  }
}

function ago(ms: number): string {
  return new Date(now - ms).toISOString()
}

describe('time-machine', () => {
  test.each([
    [2 * hourMs, 'pass', 'fresh'],
    [24 * hourMs, 'pass', 'fresh'],
    [25 * hourMs, 'attention', 'old'],
    [7 * 24 * hourMs, 'attention', 'old'],
    [8 * 24 * hourMs, 'fail', 'old'],
  ])('a backup %d ms ago is %s', (ageMs, state, said) => {
    const result = judge('time-machine', backup({ lastBackupAt: ago(ageMs) }))
    expect(result).toMatchObject({ state, title: { params: { ageMs } } })
    expect(outcome(result.title)).toBe(said)
    expect(result.remedy === undefined).toBe(state === 'pass')
  })

  test('says ages in whole minutes, at least one', () => {
    const result = judge('time-machine', backup({ lastBackupAt: ago(125_000) }))
    expect(result.title.params).toEqual({ ageMs: 120_000 })
    expect(judge('time-machine', backup({ lastBackupAt: ago(5_000) })).title.params).toEqual({
      ageMs: 60_000,
    })
    expect(judge('time-machine', backup({ lastBackupAt: ago(-5_000) })).title.params).toEqual({
      ageMs: 60_000,
    })
  })

  test.each([61 * 60_000, 2 * hourMs, 400 * 24 * hourMs])(
    'a date %d ms ahead tells of a wrong clock, and of no age',
    (aheadMs) => {
      const result = judge('time-machine', backup({ lastBackupAt: ago(-aheadMs) }))
      expect(result).toMatchObject({
        state: 'unknown',
        reason: {
          key: 'check.unknown.unrecognised',
          params: { detail: expect.stringMatching(/clock/) },
        },
      })
    },
  )

  test('the hour of summer time is no wrong clock', () => {
    expect(judge('time-machine', backup({ lastBackupAt: ago(-hourMs) })).state).toBe('pass')
  })

  test('one that runs beside a date that was not understood may well not be the first', () => {
    const lastBackupUnknown = { reason: 'unrecognised', detail: 'date' } as const
    const result = judge('time-machine', backup({ isRunning: true, lastBackupUnknown }))
    expect(result.state).toBe('unknown')
  })

  test('without a destination there is no backup, whatever the date says', () => {
    const result = judge(
      'time-machine',
      backup({ destinations: [], lastBackupAt: ago(hourMs) }),
      here,
    )
    expect(result).toMatchObject({
      state: 'fail',
      remedy: { target: 'x-apple.systempreferences:com.apple.Time-Machine-Settings.extension' },
    })
    expect(outcome(result.title)).toBe('none')
  })

  test('one that runs after a long time is on its way', () => {
    const result = judge(
      'time-machine',
      backup({ isRunning: true, lastBackupAt: ago(9 * 24 * hourMs) }),
    )
    expect(result.state).toBe('attention')
    expect(outcome(result.title)).toBe('running')
  })

  test('the first one is no backup yet', () => {
    expect(outcome(judge('time-machine', backup({ isRunning: true })).title)).toBe('first')
    const never = judge('time-machine', backup({}))
    expect(never.state).toBe('fail')
    expect(outcome(never.title)).toBe('never')
  })

  test('a disk that is away tells no date: that is unknown, not red', () => {
    const away = { destinations: [{ ...disk, mountPath: null }] }
    const result = judge('time-machine', backup(away))
    expect(result).toMatchObject({ state: 'unknown', reason: { params: { name: 'Desk' } } })
    expect(outcome(result.title)).toBe('absent')
    const lastBackupUnknown = { reason: 'unrecognised', detail: 'Failed to mount' } as const
    expect(outcome(judge('time-machine', backup({ ...away, lastBackupUnknown })).title)).toBe(
      'absent',
    )
  })

  test('a date that macOS keeps to itself is unknown, with the way to it', () => {
    const lastBackupUnknown = { reason: 'needs-full-disk-access', detail: 'tmutil' } as const
    expect(judge('time-machine', backup({ lastBackupUnknown }))).toMatchObject({
      state: 'unknown',
      reason: { key: 'check.unknown.needs-full-disk-access' },
      remedy: {
        kind: 'do',
        where: 'on-host',
        text: { key: 'check.remedy.full-disk-access-on-host' },
      },
    })
    expect(judge('time-machine', backup({ lastBackupUnknown }), here).remedy).toMatchObject({
      kind: 'open-settings',
      target:
        'x-apple.systempreferences:com.apple.settings.PrivacySecurity.extension?Privacy_AllFiles',
    })
  })

  test('an answer that was not understood is unknown', () => {
    const lastBackupUnknown = { reason: 'unrecognised', detail: 'tmutil' } as const
    expect(judge('time-machine', backup({ lastBackupUnknown }))).toMatchObject({ state: 'unknown' })
    expect(judge('time-machine', { 'time-machine': unknown('timed-out') })).toMatchObject({
      state: 'unknown',
    })
  })
})
