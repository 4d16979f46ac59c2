import { describe, expect, test } from 'vitest'
import { judge, outcome, powerValue } from '../../support/check-readings.ts'

const judgePower = (fields: Parameters<typeof powerValue>[0]) =>
  judge('sleep', { power: powerValue(fields) })

describe('sleep', () => {
  test('a desktop that stays awake', () => {
    expect(judgePower({})).toMatchObject({ state: 'pass' })
  })

  test('one that sleeps cannot be reached then, even if something holds it awake now', () => {
    expect(judgePower({ sleepMinutes: 10, isSleepPrevented: true })).toMatchObject({
      state: 'attention',
      title: { params: { sleepMs: 600_000 } },
      remedy: { kind: 'run-command', target: 'sudo pmset -a sleep 0' },
    })
  })

  test('a laptop may sleep', () => {
    const result = judgePower({ hasBattery: true, sleepMinutes: 1 })
    expect(result.state).toBe('off')
    expect(outcome(result.reason)).toBe('portable')
  })

  test('without the figure it is unknown', () => {
    expect(judgePower({ sleepMinutes: null })).toMatchObject({ state: 'unknown' })
  })
})
