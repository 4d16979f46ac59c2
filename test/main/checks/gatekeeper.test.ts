import { describe, expect, test } from 'vitest'
import type { ProbeValue } from '../../../main/probes/index.ts'
import { judge, outcome, value } from '../../support/check-readings.ts'

type Case = [ProbeValue<'gatekeeper'>, string, string, string | undefined]

describe('gatekeeper', () => {
  test.each<Case>([
    [{ isOn: true }, 'pass', 'on', undefined],
    [{ isOn: false }, 'fail', 'off-now', 'do'],
  ])('%j is %s: %s', (one, state, said, remedy) => {
    const result = judge('gatekeeper', { gatekeeper: value('gatekeeper', one) })
    expect(result).toMatchObject({ state })
    expect(outcome(result.title)).toBe(said)
    expect(outcome(result.reason)).toBe(said)
    expect(result.remedy?.kind).toBe(remedy)
  })
})
