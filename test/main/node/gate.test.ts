import { describe, expect, it } from 'vitest'
import { createGate } from '../../../main/node/gate.ts'
import { FakeClock } from '../../support/fake-clock.ts'

describe('gate', () => {
  it('takes a token once, for a session key that stays', async () => {
    const clock = new FakeClock()
    const gate = createGate(clock)
    const token = gate.issueToken()
    const sessionKey = gate.redeem(token)
    expect(sessionKey).not.toBeNull()
    expect(gate.redeem(token)).toBeNull()
    await clock.advance(24 * 3_600_000)
    expect(gate.isSession(sessionKey ?? '')).toBe(true)
  })

  it('takes a token for a minute', async () => {
    const clock = new FakeClock()
    const gate = createGate(clock)
    const [early, late] = [gate.issueToken(), gate.issueToken()]
    await clock.advance(59_999)
    expect(gate.redeem(early)).not.toBeNull()
    await clock.advance(1)
    expect(gate.redeem(late)).toBeNull()
  })

  it('takes nothing else', () => {
    const gate = createGate(new FakeClock())
    const token = gate.issueToken()
    const sessionKey = gate.redeem(gate.issueToken()) ?? ''
    for (const word of ['', 'x', token.slice(1), `${token} `, sessionKey]) {
      expect(gate.redeem(word)).toBeNull()
    }
    for (const word of ['', token, sessionKey.slice(1)]) expect(gate.isSession(word)).toBe(false)
    expect(createGate(new FakeClock()).isSession(sessionKey)).toBe(false)
  })

  it('gives words of 256 bits that differ', () => {
    const gate = createGate(new FakeClock())
    const tokens = Array.from({ length: 10 }, () => gate.issueToken())
    expect(new Set(tokens).size).toBe(10)
    for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32)
  })

  it('forgets the oldest of many links that nobody opened', () => {
    const gate = createGate(new FakeClock())
    const first = gate.issueToken()
    for (let count = 0; count < 16; count += 1) gate.issueToken()
    expect(gate.redeem(first)).toBeNull()
  })
})
