import { describe, expect, test } from 'vitest'
import { judge, outcome, unknown, value } from '../../support/check-readings.ts'
import { now } from '../../support/probe-answers.ts'
import { tailnetWith } from '../../support/tailnet.ts'

const dayMs = 86_400_000

function judgeKey(leftMs: number | null, isKeyExpired = false) {
  const keyExpiresAt = leftMs === null ? null : new Date(now + leftMs).toISOString()
  const { self } = tailnetWith()
  return judge('tailnet-key', {
    tailnet: value(
      'tailnet',
      tailnetWith({ self: self && { ...self, keyExpiresAt, isKeyExpired } }),
    ),
  })
}

describe('tailnet-key', () => {
  test.each([
    [null, 'pass', 'for-ever'],
    [14 * dayMs, 'pass', 'valid'],
    [13 * dayMs, 'attention', 'soon'],
    [1, 'attention', 'soon'],
    [0, 'fail', 'expired'],
  ])('%j ms left is %s: %s', (leftMs, state, said) => {
    const result = judgeKey(leftMs)
    expect(result.state).toBe(state)
    expect(outcome(result.title)).toBe(said)
  })

  test('says the time left in whole hours', () => {
    expect(judgeKey(3 * dayMs - 5).title.params).toEqual({ leftMs: 3 * dayMs })
  })

  test('is expired when Tailscale says so', () => {
    expect(judgeKey(null, true)).toMatchObject({ state: 'fail', remedy: { kind: 'read' } })
  })

  test('is unknown before the login, and no question without Tailscale', () => {
    const signedOut = value('tailnet', tailnetWith({ state: 'needs-login', self: null }))
    expect(judge('tailnet-key', { tailnet: signedOut })).toMatchObject({ state: 'unknown' })
    expect(judge('tailnet-key', { tailnet: unknown('not-installed') })).toMatchObject({
      state: 'off',
    })
  })
})
