import { describe, expect, test } from 'vitest'
import { gatekeeper } from '../../../main/probes/gatekeeper.ts'
import { answer, fixture, parse, testBadAnswers } from '../../support/probe-answers.ts'

describe('gatekeeper', () => {
  test('is on', () => {
    expect(parse(gatekeeper, 'darwin', fixture('gatekeeper', 'macos26-any-on.txt'))).toEqual({
      isOn: true,
    })
  })

  test('off comes with exit status 1', () => {
    const off = answer(fixture('gatekeeper', 'macos11-any-off.txt'), { exitCode: 1 })
    expect(parse(gatekeeper, 'darwin', off)).toEqual({ isOn: false })
  })

  test('a second line about developers does not count', () => {
    const text = 'assessments enabled\ndeveloper id disabled\n'
    expect(parse(gatekeeper, 'darwin', text)).toEqual({ isOn: true })
    expect(parse(gatekeeper, 'darwin', 'developer id disabled\n')).toMatchObject({
      reason: 'unrecognised',
      detail: expect.stringContaining('"assessments"'),
    })
  })

  testBadAnswers(gatekeeper, 'darwin')
})
