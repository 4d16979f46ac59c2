import { describe, expect, test } from 'vitest'
import { power } from '../../../main/probes/power.ts'
import { answer, fixture, parse, testBadAnswers, without } from '../../support/probe-answers.ts'

const desktop = fixture('power', 'macos13-intel-desktop.txt')
const laptop = fixture('power', 'macos26-any-laptop.txt')
const mains = fixture('power', 'synthetic/macos12-any-desktop.txt')

describe('power', () => {
  test('a desktop that never sleeps and starts by itself', () => {
    expect(parse(power, 'darwin', desktop, mains)).toEqual({
      source: 'mains',
      sleepMinutes: 0,
      isSleepPrevented: false,
      isAutoRestartOn: true,
      hasBattery: false,
      batteryRatio: null,
    })
  })

  test('a laptop that sleeps after a minute but is kept awake', () => {
    const charging = fixture('power', 'macos26-any-charging.txt')
    expect(parse(power, 'darwin', laptop, charging)).toEqual({
      source: 'mains',
      sleepMinutes: 1,
      isSleepPrevented: true,
      isAutoRestartOn: null,
      hasBattery: true,
      batteryRatio: 0.24,
    })
  })

  test('0 stays 0 while something prevents sleep as well', () => {
    expect(parse(power, 'darwin', fixture('power', 'macos26-any-never.txt'), mains)).toMatchObject({
      sleepMinutes: 0,
      isSleepPrevented: true,
    })
  })

  test('sleep that is turned off altogether is never', () => {
    const text = laptop.replace(/SleepDisabled\t+0/, 'SleepDisabled\t\t1')
    expect(parse(power, 'darwin', text, mains)).toMatchObject({ sleepMinutes: 0 })
  })

  test.each([
    ['macos13-any-charged.txt', 1],
    ['synthetic/macos13-any-not-charging.txt', 0.8],
  ])('%s holds %d', (name, batteryRatio) => {
    expect(parse(power, 'darwin', laptop, fixture('power', name))).toMatchObject({ batteryRatio })
  })

  test('knows the battery and the UPS as sources', () => {
    expect(parse(power, 'darwin', laptop, "Now drawing from 'Battery Power'\n")).toMatchObject({
      source: 'battery',
    })
    expect(parse(power, 'darwin', desktop, "Now drawing from 'UPS Power'\n")).toMatchObject({
      source: 'ups',
    })
  })

  test('a missing line is null, not 0', () => {
    const text = without(without(desktop, ' sleep   '), 'autorestart')
    expect(parse(power, 'darwin', text, mains)).toMatchObject({
      sleepMinutes: null,
      isAutoRestartOn: null,
      source: 'mains',
    })
    expect(parse(power, 'darwin', desktop, answer('', { exitCode: 1 }))).toMatchObject({
      source: null,
      hasBattery: null,
    })
  })

  testBadAnswers(power, 'darwin')
})
