import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePrompt } from '../../../../../main/hosts/ssh/openssh/prompt.ts'

describe('what ssh asks', () => {
  test('the key of a host that is not known, as OpenSSH 9.2 asked', () => {
    const prompt = `The authenticity of host '[127.0.0.1]:42022 ([127.0.0.1]:42022)' can't be established.
ED25519 key fingerprint is SHA256:SrEmfeD06TA0W5c/K1X2x5cmAoVpLFMlaXKio822EGo.
This key is not known by any other names.
Are you sure you want to continue connecting (yes/no/[fingerprint])? `
    expect(parsePrompt(prompt, 'ask')).toEqual({
      kind: 'host-key',
      keyType: 'ED25519',
      fingerprint: 'SHA256:SrEmfeD06TA0W5c/K1X2x5cmAoVpLFMlaXKio822EGo',
    })
  })

  test('the key of a host, as OpenSSH 10 asks', () => {
    const prompt = `The authenticity of host 'studio (10.0.0.5)' can't be established.
ED25519 key fingerprint is: SHA256:SrEmfeD06TA0W5c/K1X2x5cmAoVpLFMlaXKio822EGo
This host key is known by the following other names/addresses:
    ~/.ssh/known_hosts:3: mini
Are you sure you want to continue connecting (yes/no/[fingerprint])? `
    expect(parsePrompt(prompt, '')).toMatchObject({
      kind: 'host-key',
      fingerprint: 'SHA256:SrEmfeD06TA0W5c/K1X2x5cmAoVpLFMlaXKio822EGo',
    })
  })

  test.each([
    ["Enter passphrase for key '/Users/ana/.ssh/it's one': ", "/Users/ana/.ssh/it's one"],
    ["Enter passphrase for key 'cp': ", 'cp'],
    ['Enter passphrase for /Users/ana/.ssh/id_ed25519: ', '/Users/ana/.ssh/id_ed25519'],
  ])('a passphrase: %s', (prompt, path) => {
    expect(parsePrompt(prompt, 'ask')).toEqual({ kind: 'passphrase', path })
  })

  test.each([
    [
      'Enter PIN for ED25519-SK key /Users/ana/.ssh/id_ed25519_sk: ',
      'ED25519-SK key /Users/ana/.ssh/id_ed25519_sk',
    ],
    [
      'Enter PIN and confirm user presence for ECDSA-SK key SHA256:abc: ',
      'ECDSA-SK key SHA256:abc',
    ],
    ["Enter PIN for 'PIV_II': ", 'PIV_II'],
  ])('a PIN: %s', (prompt, subject) => {
    expect(parsePrompt(prompt, 'ask')).toEqual({ kind: 'pin', subject })
  })

  test.each(["ana@10.0.0.5's password: ", '(ana@studio) Password:', 'Password: '])(
    'a password: %s',
    (prompt) => {
      expect(parsePrompt(prompt, 'ask')).toEqual({ kind: 'password' })
    },
  )

  test.each([
    ['(ana@studio) Verification code: ', 'Verification code'],
    [
      '(ana@studio) Duo two-factor\nPasscode or option (1-3): ',
      'Duo two-factor Passcode or option (1-3)',
    ],
    ['(ana@studio) New password: ', 'New password'],
  ])("the server's own words: %j", (prompt, text) => {
    expect(parsePrompt(prompt, 'ask')).toEqual({ kind: 'code', text })
  })

  test('a touch, which is only said', () => {
    const prompt = 'Confirm user presence for key ED25519-SK SHA256:abc'
    expect(parsePrompt(prompt, 'none')).toEqual({ kind: 'presence', key: 'ED25519-SK SHA256:abc' })
  })

  test.each([
    ["Please type 'yes', 'no' or the fingerprint: ", 'ask'],
    ['Accept updated hostkeys? (yes/no): ', 'ask'],
    ['Allow use of key work?', 'confirm'],
    // without a fingerprint that can be shown, nobody can agree
    [
      'ED25519 key fingerprint is MD5:00.\nAre you sure you want to continue connecting (yes/no)? ',
      '',
    ],
  ])('never yes: %j', (prompt, hint) => {
    expect(parsePrompt(prompt, hint)).toMatchObject({ kind: 'refuse' })
  })

  test('a server that copies the words of another prompt gets no passphrase', () => {
    const prompt = "(ana@studio) Enter passphrase for key '/Users/ana/.ssh/id_ed25519': "
    expect(parsePrompt(prompt, 'ask')).toMatchObject({ kind: 'code' })
  })

  test('anything at all is one of them, and never too long to show', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), fc.string(), (text, hint) => {
        const prompt = parsePrompt(text, hint)
        if (prompt.kind === 'code') expect(prompt.text.length).toBeLessThan(210)
      }),
    )
  })
})
