import { describe, expect, test } from 'vitest'
import { firewall } from '../../../main/probes/firewall.ts'
import { fixture, parse, testBadAnswers } from '../../support/probe-answers.ts'

describe('firewall', () => {
  test.each([
    ['macos12-any-on.txt', 'on'],
    ['macos12-any-off.txt', 'off'],
    ['synthetic/macos12-any-blocking-all.txt', 'blocking-all'],
  ])('%s is %s', (name, state) => {
    expect(parse(firewall, 'darwin', fixture('firewall', name))).toEqual({ state })
  })

  test('understands the words without the number', () => {
    expect(parse(firewall, 'darwin', 'Firewall is disabled.\n')).toEqual({ state: 'off' })
    expect(parse(firewall, 'darwin', 'Firewall is enabled.\n')).toEqual({ state: 'on' })
  })

  test.each(['Firewall is blocking. (State = 7)\n', fixture('firewall', 'macos-any-error.txt')])(
    '%j is neither on nor off',
    (text) => {
      expect(parse(firewall, 'darwin', text)).toMatchObject({ reason: 'unrecognised' })
    },
  )

  testBadAnswers(firewall, 'darwin')
})
