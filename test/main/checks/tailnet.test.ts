import { describe, expect, test } from 'vitest'
import type { Tailnet } from '../../../preload/contract/tailnet.ts'
import { judge, outcome, unknown, value } from '../../support/check-readings.ts'
import { tailnetWith } from '../../support/tailnet.ts'

const { self } = tailnetWith()

function judgeTailnet(state: Tailnet['state'], node: Tailnet['self'] = self) {
  return judge('tailnet', { tailnet: value('tailnet', tailnetWith({ state, self: node })) })
}

describe('tailnet', () => {
  test.each([
    ['running', 'pass', undefined],
    ['starting', 'attention', 'do'],
    ['stopped', 'fail', 'run-command'],
    ['needs-login', 'fail', 'run-command'],
    ['needs-machine-auth', 'fail', 'read'],
  ] as const)('%s is %s', (state, judged, remedy) => {
    const result = judgeTailnet(state)
    expect(result.state).toBe(judged)
    expect(outcome(result.title)).toBe(state)
    expect(result.remedy?.kind).toBe(remedy)
  })

  test('running without its server needs a look', () => {
    const result = judgeTailnet('running', self && { ...self, isOnline: false })
    expect(result.state).toBe('attention')
    expect(outcome(result.title)).toBe('offline')
  })

  test('a machine without Tailscale has nothing to check', () => {
    const result = judge('tailnet', { tailnet: unknown('not-installed') })
    expect(result.state).toBe('off')
    expect(outcome(result.title)).toBe('absent')
  })
})
