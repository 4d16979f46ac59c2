import { describe, expect, test } from 'vitest'
import { sip } from '../../../main/probes/sip.ts'
import { fixture, parse, testBadAnswers, without } from '../../support/probe-answers.ts'

describe('sip', () => {
  test.each([
    ['macos26-any-on.txt', 'on'],
    ['macos11-any-off.txt', 'off'],
    ['macos12-any-custom.txt', 'custom'],
  ])('%s is %s', (name, state) => {
    expect(parse(sip, 'darwin', fixture('sip', name))).toEqual({ state })
  })

  test('"enabled (Custom Configuration)" is custom', () => {
    const text = 'System Integrity Protection status: enabled (Custom Configuration).\n'
    expect(parse(sip, 'darwin', text)).toEqual({ state: 'custom' })
  })

  test('names the missing line, whatever the other lines say', () => {
    const text = without(fixture('sip', 'macos12-any-custom.txt'), 'status:')
    expect(parse(sip, 'darwin', text)).toMatchObject({
      reason: 'unrecognised',
      detail: expect.stringContaining('System Integrity Protection status'),
    })
  })

  testBadAnswers(sip, 'darwin')
})
