import { describe, expect, test } from 'vitest'
import { judge, outcome, powerValue } from '../../support/check-readings.ts'

const judgePower = (fields: Parameters<typeof powerValue>[0]) =>
  judge('auto-restart', { power: powerValue(fields) })

describe('auto-restart', () => {
  test('a desktop that starts by itself', () => {
    expect(judgePower({})).toMatchObject({ state: 'pass' })
  })

  test('one that stays off needs somebody in front of it', () => {
    expect(judgePower({ isAutoRestartOn: false })).toMatchObject({
      state: 'attention',
      remedy: { kind: 'run-command', target: 'sudo pmset -a autorestart 1' },
    })
  })

  test('a laptop has a battery', () => {
    const result = judgePower({ hasBattery: true, isAutoRestartOn: null })
    expect(result.state).toBe('off')
    expect(outcome(result.reason)).toBe('portable')
  })

  test('without the setting it is unknown', () => {
    expect(judgePower({ isAutoRestartOn: null })).toMatchObject({ state: 'unknown' })
  })
})
