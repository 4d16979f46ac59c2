import { describe, expect, test } from 'vitest'
import type { ProbeValue } from '../../../main/probes/index.ts'
import { judge, outcome, value } from '../../support/check-readings.ts'

type Case = [ProbeValue<'firewall-stealth'>, string, string, string | undefined]

describe('firewall-stealth', () => {
  test.each<Case>([
    [{ isOn: true }, 'pass', 'on', undefined],
    [{ isOn: false }, 'attention', 'off-now', 'run-command'],
  ])('%j is %s: %s', (one, state, said, remedy) => {
    const result = judge('firewall-stealth', { 'firewall-stealth': value('firewall-stealth', one) })
    expect(result).toMatchObject({ state })
    expect(outcome(result.title)).toBe(said)
    expect(outcome(result.reason)).toBe(said)
    expect(result.remedy?.kind).toBe(remedy)
  })
})
