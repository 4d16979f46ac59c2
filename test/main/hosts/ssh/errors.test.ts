import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  handshakeError,
  loginRefused,
  noPassphrase,
  noPassword,
  socketError,
  sshError,
} from '../../../../main/hosts/ssh/errors.ts'
import { errorCodeSchema } from '../../../../preload/contract/base.ts'

const to = { account: 'ana', address: 'studio', port: 22 }

describe('the words of every error', () => {
  const words = (language: string): Record<string, string> =>
    JSON.parse(readFileSync(`resources/locales/${language}.json`, 'utf8')).error
  const params = (text = '') => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort()

  test.each(errorCodeSchema.options)('%s, in both languages, with the same facts', (code) => {
    const [english, chinese] = [words('en')[code], words('zh-CN')[code]]
    expect(english).toMatch(/[^!]\.?$/)
    expect(chinese).toMatch(/[\u4e00-\u9fff]/)
    expect(params(chinese)).toEqual(params(english))
  })
})

describe('a login that let nobody in', () => {
  const words = (language: string): Record<string, string> =>
    JSON.parse(readFileSync(`resources/locales/${language}.json`, 'utf8')).error
  const tries = { offered: ['/k', 'work laptop'], accepts: ['publickey', 'password'], signed: null }

  test.each([
    ['offered', loginRefused(to, tries), 'error.auth-offered'],
    ['no key', loginRefused(to, { ...tries, offered: [] }), 'error.auth-no-key'],
    ['a server that does not tell', loginRefused(to, { ...tries, accepts: [] }), 'error.auth'],
    ['no password', noPassword(to), 'error.auth-no-password'],
    ['no passphrase', noPassphrase('/k'), 'error.auth-no-passphrase'],
  ])('is said in the person’s language, with the facts: %s', (_, { kind, info }, key) => {
    expect([kind, info.code, info.message.key, info.detail]).toEqual([
      'auth',
      'auth',
      key,
      undefined,
    ])
    for (const language of ['en', 'zh-CN']) {
      const text = words(language)[key.slice('error.'.length)] ?? ''
      const named = [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '')
      expect(named.length).toBeGreaterThan(0)
      for (const name of named) expect(info.message.params?.[name]).toBeTruthy()
    }
  })
})

describe('what the system says of a socket', () => {
  test.each([
    ['ENOTFOUND', 'unknown-host-name'],
    ['EAI_AGAIN', 'unknown-host-name'],
    ['ECONNREFUSED', 'refused'],
    ['ECONNRESET', 'closed-by-host'],
    ['EPIPE', 'closed-by-host'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['ENETDOWN', 'unreachable'],
    ['', 'unreachable'],
  ])('%s is %s', (code, expected) => {
    const error = Object.assign(new Error('words'), code === '' ? {} : { code })
    expect(socketError(error, to)).toMatchObject({
      ...{ kind: 'unreachable', info: { code: expected, detail: 'words' } },
    })
  })

  test('of several addresses, the one that answered with a refusal tells most', () => {
    const errors = ['ENETUNREACH', 'ECONNREFUSED'].map((code) =>
      Object.assign(new Error(), { code }),
    )
    expect(socketError(new AggregateError(errors), to).info.code).toBe('refused')
  })
})

describe('what an answer that is no SSH means', () => {
  test.each([
    ['Handshake failed: no matching C->S cipher', 'SSH-2.0-x', 'no-common-algorithm'],
    ['Connection lost before handshake', '', 'closed-by-host'],
    ['Connection lost before handshake', 'HTTP/1.1 400 Bad Request', 'not-ssh'],
    ['Connection lost before handshake', 'Welcome\r\nSSH-2.0-x', 'closed-by-host'],
    ['Invalid identification string', 'SSH-9', 'not-ssh'],
    ['Bad packet length', 'SSH-2.0-x', 'not-ssh'],
  ])('%s after %j: %s', (message, banner, code) => {
    expect(handshakeError(new Error(message), to, banner).info.code).toBe(code)
  })

  test('what came is quoted in one line, and not in full', () => {
    const { detail = '' } = handshakeError(new Error('x'), to, `${'a\u0007'.repeat(300)}\nb`).info
    expect(detail.length).toBeLessThan(1000)
    expect(detail).not.toMatch(/\p{Cc}/u)
  })
})

test('a detail is cut, a kind follows from the code', () => {
  const error = sshError('wrong-password', {}, 'x'.repeat(10_000))
  expect(error.kind).toBe('auth')
  expect(error.info.detail?.length).toBeLessThan(600)
})
