import { describe, expect, test } from 'vitest'
import { thermal } from '../../../main/probes/thermal.ts'
import { fixture, parse, testBadAnswers, without } from '../../support/probe-answers.ts'

const nominal = fixture('thermal', 'macos14-any-nominal.txt')

describe('thermal', () => {
  test('Apple silicon tells no speed', () => {
    expect(parse(thermal, 'darwin', nominal)).toEqual({ speedLimitRatio: null, isWarned: false })
  })

  test('Intel tells its speed', () => {
    const text = fixture('thermal', 'synthetic/macos13-intel-throttled.txt')
    expect(parse(thermal, 'darwin', text)).toEqual({ speedLimitRatio: 0.62, isWarned: false })
  })

  test('a recorded level is a warning', () => {
    const text = nominal.replace(
      'Note: No thermal warning level has been recorded',
      'Thermal Warning Level = 1',
    )
    expect(parse(thermal, 'darwin', text)).toEqual({ speedLimitRatio: null, isWarned: true })
  })

  test('one of the two notes is enough, none is not', () => {
    expect(parse(thermal, 'darwin', without(nominal, 'performance'))).toMatchObject({
      isWarned: false,
    })
    const none = without(without(nominal, 'performance'), 'thermal')
    expect(parse(thermal, 'darwin', none)).toMatchObject({
      reason: 'unrecognised',
      detail: expect.stringContaining('"thermal warning level"'),
    })
  })

  testBadAnswers(thermal, 'darwin')
})
