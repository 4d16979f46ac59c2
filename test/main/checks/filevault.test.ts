import { describe, expect, test } from 'vitest'
import type { ProbeValue } from '../../../main/probes/index.ts'
import { here, judge, outcome, value } from '../../support/check-readings.ts'

type Case = [ProbeValue<'filevault'>, string, string, string | undefined]

describe('filevault', () => {
  test.each<Case>([
    [{ state: 'on', progressRatio: null }, 'pass', 'on', undefined],
    [{ state: 'encrypting', progressRatio: null }, 'attention', 'encrypting', 'do'],
    [{ state: 'encrypting', progressRatio: 0.42 }, 'attention', 'encrypting-part', 'do'],
    [{ state: 'deferred', progressRatio: null }, 'attention', 'deferred', 'do'],
    [{ state: 'decrypting', progressRatio: 0.73 }, 'fail', 'decrypting', 'do'],
    [{ state: 'off', progressRatio: null }, 'fail', 'off-now', 'do'],
  ])('%j is %s: %s', (one, state, said, remedy) => {
    const result = judge('filevault', { filevault: value('filevault', one) })
    expect(result).toMatchObject({ state })
    expect(outcome(result.title)).toBe(said)
    expect(outcome(result.reason)).toBe(said)
    expect(result.remedy?.kind).toBe(remedy)
  })

  test('opens the settings only on this Mac', () => {
    const off = { filevault: value('filevault', { state: 'off', progressRatio: null }) }
    expect(judge('filevault', off, here).remedy).toMatchObject({
      kind: 'open-settings',
      where: 'here',
      target: 'x-apple.systempreferences:com.apple.settings.PrivacySecurity.extension?FileVault',
    })
    expect(judge('filevault', off).remedy).toMatchObject({ kind: 'do', where: 'on-host' })
  })
})
