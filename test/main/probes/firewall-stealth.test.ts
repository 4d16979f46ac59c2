import { describe, expect, test } from 'vitest'
import { firewallStealth } from '../../../main/probes/firewall-stealth.ts'
import { fixture, parse, testBadAnswers } from '../../support/probe-answers.ts'

describe('firewall-stealth', () => {
  test.each([
    ['macos15-any-on.txt', true],
    ['macos15-any-off.txt', false],
    ['macos14-any-off.txt', false],
  ])('%s: %s', (name, isOn) => {
    expect(parse(firewallStealth, 'darwin', fixture('firewall-stealth', name))).toEqual({ isOn })
  })

  test('understands "enabled" of older systems', () => {
    expect(parse(firewallStealth, 'darwin', 'Stealth mode enabled\n')).toEqual({ isOn: true })
  })

  test('names what is missing', () => {
    expect(parse(firewallStealth, 'darwin', 'Firewall mode is on\n')).toMatchObject({
      reason: 'unrecognised',
      detail: expect.stringContaining('"stealth mode"'),
    })
  })

  testBadAnswers(firewallStealth, 'darwin')
})
