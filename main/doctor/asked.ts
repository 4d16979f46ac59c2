import type { Message } from '../../preload/contract/base.ts'
import { quotePosix } from '../hosts/quote.ts'
import type { Stop } from './attempt.ts'
import { doIt, readIt, runIt } from './remedies.ts'
import { type Outcome, outcome } from './step.ts'

/**
 * Where a login waits for what only the person can do, and the doctor asks nobody: a page, a passphrase, a PIN, a code, a touch. Null
 * where it does not; a password is one way in among others.
 */
export function judgeAsked(
  { question, page, task, error }: Stop,
  who: { name: string; account: string },
): Outcome | null {
  const { name } = who
  const detail = error.detail ?? null
  if (page !== null) {
    return outcome(
      'failed',
      { key: 'doctor.authentication.check-mode', params: who },
      {
        meaning: { key: 'doctor.meaning.check-mode' },
        remedies: [readIt('doctor.remedy.check-mode', page)],
        detail,
      },
    )
  }
  const asks = (found: Message) =>
    outcome('failed', found, {
      meaning: { key: 'doctor.meaning.asks-person' },
      remedies: [doIt('here', 'doctor.remedy.answer-it', { name })],
      detail,
    })
  if (task !== null) return asks({ key: 'doctor.authentication.touch', params: task.params ?? {} })
  if (question?.kind !== 'secret') return null
  const { what, subject } = question
  switch (what) {
    case 'passphrase':
      return outcome(
        'failed',
        { key: 'doctor.authentication.passphrase', params: { name, path: subject } },
        {
          meaning: { key: 'doctor.meaning.passphrase' },
          remedies: [
            doIt('here', 'doctor.remedy.enter-passphrase', { name }),
            runIt('here', 'doctor.remedy.ssh-add', quotePosix(['ssh-add', subject])),
          ],
          detail,
        },
      )
    case 'pin':
    case 'code':
      return asks({ key: `doctor.authentication.${what}`, params: { name, subject } })
    case 'password':
      return null
  }
}
