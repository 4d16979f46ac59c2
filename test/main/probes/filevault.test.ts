import { describe, expect, test } from 'vitest'
import { filevault } from '../../../main/probes/filevault.ts'
import { fixture, parse, testBadAnswers, without } from '../../support/probe-answers.ts'

describe('filevault', () => {
  test.each([
    ['macos26-any-on.txt', 'on', null],
    ['macos26-any-off.txt', 'off', null],
    ['macos10.13-any-deferred.txt', 'deferred', null],
    ['macos10.13-any-encrypting.txt', 'encrypting', 0.42],
    ['macos10.13-any-decrypting.txt', 'decrypting', 0.73],
  ])('%s is %s', (name, state, progressRatio) => {
    expect(parse(filevault, 'darwin', fixture('filevault', name))).toEqual({ state, progressRatio })
  })

  test('progress without a figure is progress', () => {
    const text = 'FileVault is On.\nEncryption in progress: Pending\n'
    expect(parse(filevault, 'darwin', text)).toEqual({ state: 'encrypting', progressRatio: null })
  })

  test('names the missing line', () => {
    const text = without(fixture('filevault', 'macos10.13-any-encrypting.txt'), 'FileVault is')
    expect(parse(filevault, 'darwin', text)).toMatchObject({
      reason: 'unrecognised',
      detail: expect.stringContaining('"FileVault is"'),
    })
  })

  testBadAnswers(filevault, 'darwin')
})
