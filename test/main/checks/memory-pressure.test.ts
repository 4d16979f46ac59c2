import { describe, expect, test } from 'vitest'
import type { ProbeValue } from '../../../main/probes/index.ts'
import { judge, outcome, value } from '../../support/check-readings.ts'

type Case = [ProbeValue<'memory-pressure'>, string, string, string | undefined]

describe('memory-pressure', () => {
  test.each<Case>([
    [{ level: 'normal' }, 'pass', 'normal', undefined],
    [{ level: 'warning' }, 'attention', 'warning', 'do'],
    [{ level: 'critical' }, 'fail', 'critical', 'do'],
  ])('%j is %s: %s', (one, state, said, remedy) => {
    const result = judge('memory-pressure', { 'memory-pressure': value('memory-pressure', one) })
    expect(result).toMatchObject({ state })
    expect(outcome(result.title)).toBe(said)
    expect(outcome(result.reason)).toBe(said)
    expect(result.remedy?.kind).toBe(remedy)
  })
})
