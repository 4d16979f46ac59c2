import { describe, expect, test } from 'vitest'
import { type AnswerOptions, createAnswers } from '../../../../../main/hosts/ssh/openssh/answers.ts'
import type { LinkQuestion } from '../../../../../preload/contract/hosts.ts'
import { memorySecrets } from '../../../../support/ssh-home.ts'

const fingerprint = 'SHA256:SrEmfeD06TA0W5c/K1X2x5cmAoVpLFMlaXKio822EGo'
const hostKey = { kind: 'host-key', keyType: 'ED25519', fingerprint } as const

function answersWith(options: Partial<AnswerOptions> = {}) {
  const asked: LinkQuestion[] = []
  const answers = createAnswers({
    config: {} as AnswerOptions['config'],
    to: { account: 'ana', address: 'studio', port: 22 },
    name: { name: 'studio', bareName: null },
    known: { keys: [], bareKeys: [], problem: null },
    ...{ secrets: memorySecrets(), accepted: new Set<string>(), keyType: () => 'ssh-ed25519' },
    async ask(question) {
      asked.push(question)
      return { kind: 'host-key', fingerprint, isAccepted: true }
    },
    ...options,
  })
  return { answers, asked }
}

describe('the answer about a host key', () => {
  test('is the fingerprint that the person saw, never a plain yes; a second try is not asked', async () => {
    const { answers, asked } = answersWith()
    expect(await answers.answer(hostKey)).toBe(fingerprint)
    expect(await answers.answer(hostKey)).toBe(fingerprint)
    expect(asked).toEqual([
      { kind: 'host-key', address: 'studio', keyType: 'ssh-ed25519', fingerprint },
    ])
  })

  test('is none for a host of which another key is known, and nobody is asked', async () => {
    const key = {
      ...{ marker: null, type: 'ecdsa-sha2-nistp256', path: '/known_hosts', line: 3 },
      key: 'AAAAC3NzaC1lZDI1NTE5AAAAIIPMwIzUPFDaNLWjOYkJMAnv3Jh8xDdnIgfdvRC26EUa',
    }
    const { answers, asked } = answersWith({ known: { keys: [key], bareKeys: [], problem: null } })
    expect(await answers.answer(hostKey)).toBeNull()
    expect(asked).toEqual([])
    expect(answers.problem()?.info).toMatchObject({
      code: 'host-key-changed',
      // as ssh-keygen -l prints it
      message: {
        params: { knownFingerprint: 'SHA256:4UYuKqpZ7CbPTPcFsh0D/rJw0X03B3hnNlUXrL/AK8Q' },
      },
    })
  })

  test('is none where nobody answers', async () => {
    const { answers } = answersWith({ ask: async () => null })
    expect(await answers.answer(hostKey)).toBeNull()
    expect(answers.problem()?.info.code).toBe('host-key-unknown')
  })

  test.each(['presence', 'refuse'] as const)('%s is never answered', async (kind) => {
    const { answers, asked } = answersWith()
    const prompt = kind === 'presence' ? { kind, key: 'k' } : { kind, text: 'yes/no' }
    expect(await answers.answer(prompt)).toBeNull()
    expect(asked).toEqual([])
  })
})
