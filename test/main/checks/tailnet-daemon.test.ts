import { describe, expect, test } from 'vitest'
import type { Tailnet } from '../../../preload/contract/tailnet.ts'
import { judge, onHost, outcome, unknown, value } from '../../support/check-readings.ts'
import { tailnetWith } from '../../support/tailnet.ts'

function power(hasBattery: boolean | null) {
  return value('power', {
    ...{ source: 'mains', sleepMinutes: 0, isSleepPrevented: false },
    ...{ isAutoRestartOn: null, hasBattery, batteryRatio: null },
  })
}

function judgeVariant(variant: Tailnet['variant'], hasBattery: boolean | null = false) {
  return judge('tailnet-daemon', {
    tailnet: value('tailnet', tailnetWith({ variant })),
    power: power(hasBattery),
  })
}

describe('tailnet-daemon', () => {
  test.each([
    ['app-store', false, 'attention', 'app-store'],
    ['standalone', false, 'attention', 'standalone'],
    ['daemon', false, 'pass', 'daemon'],
    ['daemon', true, 'pass', 'daemon'],
    ['app-store', true, 'off', 'portable'],
    ['standalone', true, 'off', 'portable'],
  ] as const)('%s with a battery %j is %s', (variant, hasBattery, state, said) => {
    const result = judgeVariant(variant, hasBattery)
    expect(result.state).toBe(state)
    expect(outcome(result.title)).toBe(said)
  })

  test('says how to change, as a command to show and never to run', () => {
    expect(judgeVariant('app-store').remedy).toMatchObject({
      kind: 'run-command',
      where: 'on-host',
      target: expect.stringContaining('sudo brew services start tailscale'),
    })
  })

  test('is unknown, with the reason, where the variant or the kind of machine is', () => {
    expect(judgeVariant(null)).toMatchObject({ state: 'unknown', reason: { params: {} } })
    expect(judgeVariant('standalone', null)).toMatchObject({ state: 'unknown' })
    const tailnet = value('tailnet', tailnetWith({ variant: 'standalone' }))
    const result = judge('tailnet-daemon', { tailnet, power: unknown('not-recorded') })
    expect(result).toMatchObject({
      state: 'unknown',
      reason: { key: 'check.unknown.not-recorded' },
    })
  })

  test('does not apply without Tailscale, nor to Linux', () => {
    const readings = { tailnet: unknown('not-installed'), power: power(false) }
    expect(judge('tailnet-daemon', readings)).toMatchObject({ state: 'off' })
    const onLinux = {
      tailnet: value('tailnet', tailnetWith()),
      power: unknown('not-supported'),
    }
    expect(judge('tailnet-daemon', onLinux, { ...onHost, platform: 'linux' })).toMatchObject({
      state: 'off',
      reason: { key: 'check.off.linux' },
    })
  })
})
