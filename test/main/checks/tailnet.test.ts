import { describe, expect, test } from 'vitest'
import type { TailnetNode, TailnetValue } from '../../../main/probes/tailnet.ts'
import { judge, outcome, unknown, value } from '../../support/check-readings.ts'

const self: TailnetNode = {
  name: 'mac-studio',
  addresses: ['100.64.7.11'],
  os: 'macOS',
  keyExpiresAt: null,
  isKeyExpired: false,
  isOnline: true,
}

function judgeTailnet(state: TailnetValue['state'], node: TailnetNode | null = self) {
  return judge('tailnet', {
    tailnet: value('tailnet', { state, self: node, peers: [], health: [] }),
  })
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
    const result = judgeTailnet('running', { ...self, isOnline: false })
    expect(result.state).toBe('attention')
    expect(outcome(result.title)).toBe('offline')
  })

  test('a machine without Tailscale has nothing to check', () => {
    const result = judge('tailnet', { tailnet: unknown('not-installed') })
    expect(result.state).toBe('off')
    expect(outcome(result.title)).toBe('absent')
  })
})
