import { describe, expect, it } from 'vitest'
import { redactFields, redactText } from '../../../main/node/redact.ts'

describe('redactText', () => {
  it.each([
    ['http://127.0.0.1:4711/#token=abcDEF-123_x', 'abcDEF-123_x'],
    ['{"token":"abcDEF123"}', 'abcDEF123'],
    ['password: hunter22, next', 'hunter22'],
    ['passphrase=hunter22', 'hunter22'],
    ['Authorization: Bearer abc.DEF-123456', 'abc.DEF-123456'],
    ['sessionKey=0123456789', '0123456789'],
    ['https://ana:hunter22@studio.local/', 'hunter22'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1\n-----END OPENSSH PRIVATE KEY-----', 'b3Bl'],
    ['Log in at: https://headscale.example.com/register/nMzX9bN1', 'nMzX9bN1'],
    ['AuthURL is http://headscale.lan:8080/a/nMzX9bN1', 'nMzX9bN1'],
    ['opened https://login.tailscale.com/a/nMzX9bN1', 'nMzX9bN1'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQ', 'MIIE'],
  ])('takes the secret out of %j', (text, secret) => {
    expect(redactText(text)).not.toContain(secret)
    expect(redactText(text)).toContain('[removed]')
  })

  it.each([
    'connected to mac-studio as ana',
    'context 32768 tokens loaded',
    '12 tokens/s',
    'http://127.0.0.1:11434/api/ps',
  ])('leaves %j', (text) => {
    expect(redactText(text)).toBe(text)
  })
})

describe('redactFields', () => {
  it('takes out fields that are named like secrets, however deep, and keeps the rest', () => {
    expect(
      redactFields({
        host: 'studio',
        port: 22,
        password: 'hunter22',
        answer: { kind: 'secret', secret: 'hunter22', isRemembered: true },
        list: ['token=abcdef', 'fine'],
        none: { passphrase: null },
        tailnet: { authUrl: 'https://headscale.example.com/oidc/nMzX9bN1' },
      }),
    ).toEqual({
      host: 'studio',
      port: 22,
      password: '[removed]',
      answer: { kind: 'secret', secret: '[removed]', isRemembered: true },
      list: ['token=[removed]', 'fine'],
      none: { passphrase: null },
      tailnet: { authUrl: '[removed]' },
    })
  })

  it('ends for anything', () => {
    const circle: Record<string, unknown> = { text: 'x'.repeat(10_000), big: 10n }
    circle.self = circle
    circle.error = new TypeError('password=hunter22')
    const text = JSON.stringify(redactFields(circle))
    expect(text.length).toBeLessThan(50_000)
    expect(text).toContain('TypeError')
    expect(text).not.toContain('hunter22')
  })
})
