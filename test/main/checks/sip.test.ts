import { describe, expect, test } from 'vitest'
import type { ProbeValue } from '../../../main/probes/index.ts'
import { judge, outcome, value } from '../../support/check-readings.ts'

type Case = [ProbeValue<'sip'>, string, string, string | undefined]

describe('sip', () => {
  test.each<Case>([
    [{ state: 'on' }, 'pass', 'on', undefined],
    [{ state: 'custom' }, 'attention', 'custom', 'do'],
    [{ state: 'off' }, 'fail', 'off-now', 'do'],
  ])('%j is %s: %s', (one, state, said, remedy) => {
    const result = judge('sip', { sip: value('sip', one) })
    expect(result).toMatchObject({ state })
    expect(outcome(result.title)).toBe(said)
    expect(outcome(result.reason)).toBe(said)
    expect(result.remedy?.kind).toBe(remedy)
  })
})
