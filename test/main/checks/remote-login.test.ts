import { describe, expect, test } from 'vitest'
import { here, judge, outcome, unknown, value } from '../../support/check-readings.ts'
import { now } from '../../support/probe-answers.ts'

function power(hasBattery: boolean) {
  return value('power', {
    source: 'mains',
    sleepMinutes: 0,
    isSleepPrevented: false,
    isAutoRestartOn: true,
    hasBattery,
    batteryRatio: null,
  })
}

describe('remote-login', () => {
  test('on is as it should be', () => {
    const readings = { 'remote-login': value('remote-login', { isOn: true }), power: power(false) }
    expect(judge('remote-login', readings)).toMatchObject({ state: 'pass' })
  })

  test('a desktop that nobody can log in to needs a look', () => {
    const readings = { 'remote-login': value('remote-login', { isOn: false }), power: power(false) }
    expect(judge('remote-login', readings, here)).toMatchObject({
      state: 'attention',
      remedy: { target: 'x-apple.systempreferences:com.apple.Sharing-Settings.extension' },
    })
  })

  test('a laptop need not be reached', () => {
    const readings = { 'remote-login': value('remote-login', { isOn: false }), power: power(true) }
    const result = judge('remote-login', readings)
    expect(result.state).toBe('off')
    expect(outcome(result.reason)).toBe('portable')
  })

  test('on Linux the remedy is a command', () => {
    const readings = {
      'remote-login': value('remote-login', { isOn: false }),
      power: unknown('not-supported'),
    }
    expect(judge('remote-login', readings, { platform: 'linux', now })).toMatchObject({
      state: 'attention',
      remedy: { kind: 'run-command', target: 'sudo systemctl enable --now ssh' },
    })
  })
})
