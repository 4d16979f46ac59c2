import { describe, expect, test } from 'vitest'
import { remoteLogin } from '../../../main/probes/remote-login.ts'
import { answer, fixture, parse, testBadAnswers, without } from '../../support/probe-answers.ts'

const on = fixture('remote-login', 'macos26-any-on.txt')
const refusal = fixture('remote-login', 'macos15-any-needs-admin.txt')

describe('remote-login', () => {
  test('is on although sshd is not running: it starts on demand', () => {
    expect(parse(remoteLogin, 'darwin', on)).toEqual({ isOn: true })
  })

  test('is off where launchd does not know the service', () => {
    const stderr = fixture('remote-login', 'macos26-any-off.txt')
    expect(parse(remoteLogin, 'darwin', answer('', { stderr, exitCode: 113 }))).toEqual({
      isOn: false,
    })
  })

  test.each([
    ['macos10.13-any-systemsetup-on.txt', true],
    ['macos10.13-any-systemsetup-off.txt', false],
  ])('%s: %s', (name, isOn) => {
    expect(parse(remoteLogin, 'darwin', fixture('remote-login', name))).toEqual({ isOn })
  })

  test('a refusal with exit status 0 is neither on nor off', () => {
    expect(remoteLogin.isUsable?.(answer(refusal), ['systemsetup'])).toBe(false)
    expect(parse(remoteLogin, 'darwin', refusal)).toMatchObject({ reason: 'needs-root' })
  })

  test('exit status 113 alone is not "off"', () => {
    const other = answer('', { stderr: 'Bad request.\n', exitCode: 113 })
    expect(parse(remoteLogin, 'darwin', other)).toMatchObject({ reason: 'unrecognised' })
  })

  test('names the missing line', () => {
    expect(parse(remoteLogin, 'darwin', without(on, 'system/com'))).toMatchObject({
      detail: expect.stringContaining('system/com.openssh.sshd'),
    })
  })

  test.each([
    ['active\ninactive\ninactive\ninactive\n', true],
    ['inactive\nactive\ninactive\ninactive\n', true],
    ['inactive\ninactive\ninactive\nfailed\n', false],
  ])('systemd says %j: %s', (stdout, isOn) => {
    expect(parse(remoteLogin, 'linux', answer(stdout, { exitCode: 3 }))).toEqual({ isOn })
  })

  test('a Linux without systemd cannot be asked', () => {
    const stderr = fixture('remote-login', 'debian12-x86-no-systemd.txt')
    expect(parse(remoteLogin, 'linux', answer('', { stderr, exitCode: 1 }))).toMatchObject({
      reason: 'not-supported',
    })
    expect(
      parse(remoteLogin, 'linux', answer('', { exitCode: 127, isMissing: true })),
    ).toMatchObject({
      reason: 'not-supported',
    })
  })

  testBadAnswers(remoteLogin, 'darwin')
})
