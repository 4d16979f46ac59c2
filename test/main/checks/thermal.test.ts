import { describe, expect, test } from 'vitest'
import type { ProbeValue } from '../../../main/probes/index.ts'
import { judge, outcome, value } from '../../support/check-readings.ts'

type Case = [ProbeValue<'thermal'>, string, string, string | undefined]

describe('thermal', () => {
  test.each<Case>([
    [{ speedLimitRatio: null, isWarned: false }, 'pass', 'cool', undefined],
    [{ speedLimitRatio: 1, isWarned: false }, 'pass', 'cool', undefined],
    [{ speedLimitRatio: 0.62, isWarned: false }, 'attention', 'slowed', 'do'],
    [{ speedLimitRatio: null, isWarned: true }, 'attention', 'warned', 'do'],
  ])('%j is %s: %s', (one, state, said, remedy) => {
    const result = judge('thermal', { thermal: value('thermal', one) })
    expect(result).toMatchObject({ state })
    expect(outcome(result.title)).toBe(said)
    expect(outcome(result.reason)).toBe(said)
    expect(result.remedy?.kind).toBe(remedy)
  })
})
