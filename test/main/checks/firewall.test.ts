import { describe, expect, test } from 'vitest'
import type { ProbeValue } from '../../../main/probes/index.ts'
import { judge, outcome, unknown, value } from '../../support/check-readings.ts'

type Case = [ProbeValue<'firewall'>, string, string, string | undefined]

describe('firewall', () => {
  test.each<Case>([
    [{ state: 'on' }, 'pass', 'on', undefined],
    [{ state: 'blocking-all' }, 'pass', 'blocking-all', undefined],
    [{ state: 'off' }, 'fail', 'off-now', 'run-command'],
  ])('%j is %s: %s', (one, state, said, remedy) => {
    const result = judge('firewall', { firewall: value('firewall', one) })
    expect(result).toMatchObject({ state })
    expect(outcome(result.title)).toBe(said)
    expect(outcome(result.reason)).toBe(said)
    expect(result.remedy?.kind).toBe(remedy)
  })

  test('is never green where it could not be asked', () => {
    expect(judge('firewall', { firewall: unknown('needs-root') })).toMatchObject({
      state: 'unknown',
      title: { key: 'check.firewall.title.unknown' },
      reason: { key: 'check.unknown.needs-root' },
      remedy: { kind: 'do', where: 'on-host' },
    })
  })
})
